"""What a mentor does on the pages about hours."""

import re
from collections.abc import Mapping
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web import csrf

HOURS = "/desk/hours"
_INPUT = re.compile(r'<input\b[^>]*\bname="((?:opens|closes)-[0-7]-[0-9]+)"[^>]*>')
_VALUE = re.compile(r'\bvalue="([^"]*)"')


def typed_in(page: TestResponse) -> dict[str, str]:
    """What stands in the fields of a page for intervals, by their names."""
    found = {}
    for match in _INPUT.finditer(page.text):
        value = _VALUE.search(match[0])
        found[match[1]] = unescape(value[1]) if value else ""
    return found


def hidden(page: TestResponse, name: str) -> list[str]:
    """The values of the hidden fields of that name."""
    tags = re.findall(rf'<input\b[^>]*\bname="{name}"[^>]*>', page.text)
    return [unescape(found[1]) if (found := _VALUE.search(tag)) else "" for tag in tags]


def all_hidden(page: TestResponse) -> dict[str, list[str]]:
    tags = re.findall(r'<input\b[^>]*type="hidden"[^>]*>', page.text)
    named = [(re.search(r'\bname="([^"]*)"', tag), _VALUE.search(tag)) for tag in tags]
    found: dict[str, list[str]] = {}
    for name, value in named:
        assert name is not None
        found.setdefault(unescape(name[1]), []).append(unescape(value[1]) if value else "")
    return found


def day(weekday: int, *spans: str) -> dict[str, str]:
    """`day(1, "9-12:30", "13:30-17")` as the fields of Monday."""
    fields: dict[str, str] = {}
    for position, span in enumerate(spans):
        opens, closes = span.split("-")
        fields |= {f"opens-{weekday}-{position}": opens, f"closes-{weekday}-{position}": closes}
    return fields


def press(
    client: FlaskClient, action: str, fields: Mapping[str, object], *, path: str = HOURS, page: str = ""
) -> TestResponse:
    """A button of the page at `path` (or at `page`, when it leads elsewhere), with what is typed there."""
    seen = client.get(page or path)
    kept = {"csrf_token": csrf(client, page or path), "instead_of": "".join(hidden(seen, "instead_of"))}
    return client.post(path, data={**kept, "action": action, **fields})
