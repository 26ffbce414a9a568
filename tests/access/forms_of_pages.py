"""The forms of a page, as a browser reads them, and what it would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

TYPED = {"text", "search", "email", "url", "tel", "number", "date", "time", "textarea"}
"""What a person types, and expects to find again."""


@dataclass(slots=True)
class Field:
    """`value` is what would be sent; None for a box that is not ticked, or an option that is not chosen."""

    name: str
    kind: str
    value: str | None


@dataclass(slots=True)
class PageForm:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def sent(self) -> list[tuple[str, str]]:
        """Without the buttons."""
        return [(each.name, each.value) for each in self.fields if each.value is not None and each.kind != "button"]

    def typed(self) -> dict[str, str]:
        return {each.name: each.value or "" for each in self.fields if each.kind in TYPED}

    def buttons(self) -> list[tuple[str, str]]:
        return [(each.name, each.value or "") for each in self.fields if each.kind == "button"]

    def names(self) -> list[str]:
        """Each name once, without the token; rows of one kind count once."""
        seen: dict[str, str] = {}
        for each in self.fields:
            if each.name != "csrf_token":
                seen.setdefault("".join(sign for sign in each.name if not sign.isdigit()), each.name)
        return list(seen.values())


def forms_at(client: FlaskClient, path: str) -> list[PageForm]:
    """Of the page there; none of what is no page, such as a picture."""
    answer = client.get(path)
    forms = forms_of(answer.text) if answer.mimetype == "text/html" else []
    answer.close()
    return forms


def forms_of(html: str) -> list[PageForm]:
    reader = _Reader()
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._text: Field | None = None
        self._choice: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._form.fields.extend(self._read(tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._choice = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            # The parser of HTML drops the line break that follows the tag.
            self._text.value = (self._text.value or "") + (data if self._text.value else data.removeprefix("\n"))

    def _read(self, tag: str, given: dict[str, str]) -> Iterator[Field]:
        name = given.get("name", "")
        if tag == "option" and self._choice is not None:
            if "selected" in given or self._choice.value is None:
                self._choice.value = given.get("value", "")
        elif not name:
            return
        elif tag == "textarea":
            self._text = Field(name, "textarea", "")
            yield self._text
        elif tag == "select":
            self._choice = Field(name, "select", None)
            yield self._choice
        elif tag == "button":
            yield Field(name, "button", given.get("value", ""))
        elif tag == "input":
            kind = given.get("type", "text")
            chosen = kind not in ("checkbox", "radio") or "checked" in given
            yield Field(name, kind, given.get("value", "on" if kind == "checkbox" else "") if chosen else None)
