"""Fields for words that others will read, and for lists of rows that can be changed without script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, FieldList, Form, ValidationError
from wtforms.validators import StopValidation

from marketplace.core.text import disturbs, one_line, paragraphs, undisturbed

FAR_TOO_MUCH = 4
"""What is longer than the limit by this factor is cut before it is shown again."""


@dataclass(frozen=True, slots=True)
class Words:
    """A validator that cleans: `most` characters, one line or several; `missing` is said of an empty field, which is
    fine without it."""

    most: int
    missing: object = ""
    lines: bool = False

    def __call__(self, _form: Form, field: Field) -> None:
        field.data = (paragraphs if self.lines else one_line)(field.data or "")
        if not field.data:
            if self.missing:
                raise StopValidation(str(self.missing))
            return
        if len(field.data) > self.most:
            length = len(field.data)
            field.data = field.data[: self.most * FAR_TOO_MUCH]
            told = _("Use at most %(most)s characters; these are %(length)s.", most=self.most, length=length)
            raise StopValidation(told)
        if disturbs(field.data):
            field.data = undisturbed(field.data)
            raise StopValidation(
                _("There were characters that cannot be shown. They are taken out: please look again.")
            )


@dataclass(frozen=True, slots=True)
class OneOf:
    """A validator for a field of choices that judges none itself (`validate_choice=False`): `missing` is said where
    nothing was chosen, or nothing that there is."""

    missing: object

    def __call__(self, _form: Form, field: Field) -> None:
        if not any(option.checked for option in field):
            raise StopValidation(str(self.missing))


@dataclass(frozen=True, slots=True)
class LinesOfWords:
    """A validator for a list that is typed with one entry a line; `field.entries` of the form has them."""

    most_lines: int
    most: int

    def __call__(self, form: Form, field: Field) -> None:
        Words(self.most_lines * (self.most + 2) * 2, lines=True)(form, field)
        entries = listed(field.data)
        if len(entries) > self.most_lines:
            raise ValidationError(_("Write at most %(most)s lines.", most=self.most_lines))
        if any(len(entry) > self.most for entry in entries):
            raise ValidationError(_("Use at most %(most)s characters a line.", most=self.most))


def listed(text: str) -> list[str]:
    """One entry a line, without marks of lists and without repetitions."""
    lines = (one_line(re.sub(r"^\s*[-*•]\s+", "", line)) for line in text.split("\n"))
    return list(dict.fromkeys(line for line in lines if line))


def in_words(named: Mapping[Any, object]) -> dict[str, str]:
    """Choices in the reader's language: WTForms wants them as plain words."""
    return {str(name): str(words) for name, words in named.items()}


class Rows(FieldList):
    """Rows of a form, changed by buttons of the form itself. A number that we did not give is no row."""

    _NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)
    _BUTTON = re.compile(r"(add|remove|up|down)(?:-([0-9]{1,3}))?", re.ASCII)

    touched: int | None = None
    """The row that a button has just made or moved: where the reader goes on."""

    def rearrange(self, button: str) -> bool:
        """What the button says (`add`, `remove-2`, `up-2`, `down-2`) is done, with all that was typed; False for any
        other button. Nothing is judged: what is wrong is still there to be put right."""
        pressed = self._BUTTON.fullmatch(button)
        if pressed is None:
            return False
        self._rearrange(pressed[1], int(pressed[2] or 0))
        return True

    def problems(self) -> list[tuple[str, str, str]]:
        """Of each row's fields: id, label, what is wrong; for the summary above the form."""
        return [
            (inner.id, f"{entry.label.text} {number}, {inner.label.text}", str(inner.errors[0]))
            for number, entry in enumerate(self.entries, start=1)
            for inner in getattr(entry, "form", [entry])
            if inner.errors
        ]

    @property
    def own_errors(self) -> list[str]:
        """What is wrong with the rows as a whole."""
        return [str(error) for error in self.errors if not isinstance(error, dict)]

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        numbers = (name[len(prefix) + 1 :].split("-", 1)[0] for name in formdata if name.startswith(f"{prefix}-"))
        yield from (int(number) for number in numbers if self._NUMBER.fullmatch(number))

    def _rearrange(self, act: str, number: int) -> None:
        if act == "add":
            if not self.max_entries or len(self.entries) < self.max_entries:
                self.append_entry()
            number = len(self.entries) - 1
        elif number < len(self.entries):
            row = self.pop_entry(number)
            if act != "remove":
                number = max(0, number - 1 if act == "up" else number + 1)
                self.entries.insert(number, row)
                self._compact_indices()
            elif not self.entries:
                self.append_entry()
        self.touched = min(number, len(self.entries) - 1)
