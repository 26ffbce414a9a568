"""Every form of every page, each of its fields filled with what no person would type.

Whatever it is, the answer is a page: never an error of ours, and beside a field that is wrong, all others keep what was
typed in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from tests.access.expected import EXPECTED, ROLES
from tests.access.forms_of_pages import Field, PageForm, forms_at, forms_of
from tests.access.scene import Scene, scene
from tests.web import csrf

__all__ = ["scene"]

ABSURD: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "very much": b"x" * 300_000,
    "many lines": b"a\r\n" * 5_000,
    "a zero byte": b"a\x00b",
    "controls": bytes(range(1, 32)) + b"\x7f",
    "a broken character": b"a\xed\xa0\x80b\xff\xfe",
    "a turn of direction": "\u202eabc\u202c \u2066".encode(),
    "faces": "👩‍🚀🏳️‍🌈🇺🇳".encode() * 40,
    "stacked marks": ("e" + "\u0301" * 500).encode(),
    "markup": b"<script>alert(1)</script><b>&lt;\"'",
    "a template": b"{{ 7 * 7 }}{% raw %} %(name)s {0} $x",
    "a formula": b'=HYPERLINK("http://example.org","x")',
    "a query": b"' OR 1=1; DROP TABLE users; --",
    "a path": b"../../../../etc/passwd\x00.png",
    "a huge number": b"9" * 60,
    "a negative number": b"-1",
    "no number": b"NaN",
    "an endless number": b"1e309",
    "digits of another script": "١٢٣٤".encode(),
    "a place that is none": b"Mars/Olympus_Mons",
    "a day that is none": b"2026-02-30",
    "the last day": b"9999-12-31T23:59:59+14:00",
    "an hour that is none": b"25:61",
    "a header": b"a\r\nBcc: all@example.org\r\n\r\nb",
}
"""By what it is, as bytes that a browser could be made to send."""
ANSWERS = {200, 302, 303, 400, 403, 404, 409, 410, 413, 422, 429}
LEAVES = ("/sign-out", "/account/close", "/language")
"""After these nobody is there to try the next; each has tests of its own."""
PAGES = [
    (role, endpoint)
    for endpoint, method in EXPECTED
    if method == "GET" and not endpoint.endswith("static")
    for role, status in zip(ROLES, EXPECTED[endpoint, method], strict=True)
    if status == 200
    and (role in ("mentee", "mentor", "operator") or (role == "visitor" and endpoint.startswith("acc")))
]


@pytest.mark.parametrize(("role", "endpoint"), [pytest.param(*each, id="-".join(each)) for each in PAGES])
def test_whatever_is_typed_the_answer_is_a_page(scene: Scene, role: str, endpoint: str) -> None:
    client = scene.client(role)
    path = scene.path(endpoint)
    own = [form for form in forms_at(client, path) if _is_of(form, path, endpoint)]

    wrong = [told for form in own for told in _tried(client, path, form)]

    assert wrong == []


@pytest.mark.parametrize(
    ("status", "page", "told"),
    [
        (500, "", "answered 500 INTERNAL SERVER ERROR"),
        (422, '<form><input name="a" value="typed"><input name="b"></form>', "does not say what is wrong"),
        (422, '<p role="alert">No.</p><form><input name="a"><input name="b"></form>', "forgot a: 'typed' became ''"),
    ],
)
def test_what_is_wrong_with_an_answer_is_noticed(status: int, page: str, told: str) -> None:
    form = PageForm("/", "post", [Field("a", "text", "typed"), Field("b", "text", "")])
    answer = Client(Response(page, status, content_type="text/html")).get("/")

    assert list(_faults(form, "b", answer)) == [told]


def _is_of(form: PageForm, path: str, endpoint: str) -> bool:
    """The foot's and the menu's forms stand on every page, and are tried once."""
    action = urlsplit(form.action).path or path
    on_all = {"/language", "/sign-out"}
    return not action.startswith(LEAVES) and (action not in on_all or endpoint == "pages.home")


def _tried(client: FlaskClient, path: str, form: PageForm) -> Iterator[str]:
    action = form.action or path
    for name in form.names():
        for what, value in ABSURD.items():
            sent = _with(form, name, value)
            if form.method == "get":
                answer = client.get(f"{urlsplit(action).path}?{urlencode(sent)}")
            else:
                answer = client.post(action, data=urlencode(sent), content_type="application/x-www-form-urlencoded")
            yield from (f"{action} {name} = {what}: {told}" for told in _faults(form, name, answer))
            answer.close()
        if form.method == "post":
            answer = client.post(
                action, data={"csrf_token": csrf(client, "/account" if _signed_in(client) else "/sign-in")}
            )
            yield from (f"{action} without anything: {told}" for told in _faults(form, "", answer, kept=False))


def _with(form: PageForm, name: str, value: bytes) -> list[tuple[str, bytes]]:
    """All as it stands on the page, the one field with something else; a button is pressed only if it is the field."""
    others = [(each, text.encode()) for each, text in form.sent() if each != name]
    pressed = [] if any(each == name for each, _ in form.buttons()) else form.buttons()[:1]
    return [*others, *((each, text.encode()) for each, text in pressed), (name, value)]


def _faults(form: PageForm, name: str, answer: TestResponse, *, kept: bool = True) -> Iterator[str]:
    if answer.status_code not in ANSWERS:
        yield f"answered {answer.status}"
    if answer.status_code != 422 or "text/html" not in answer.content_type:
        return
    if 'role="alert"' not in answer.text and 'aria-invalid="true"' not in answer.text:
        yield "does not say what is wrong"
    again = _again(form, answer.text)
    if not kept or again is None:
        return
    now = again.typed()
    for each, typed in form.typed().items():
        if each != name and typed and now.get(each, typed) != typed:
            yield f"forgot {each}: {typed[:40]!r} became {now[each][:40]!r}"


def _again(form: PageForm, html: str) -> PageForm | None:
    """The same form on the page that answers."""
    names = set(form.names())
    return next((each for each in forms_of(html) if names & set(each.names())), None)


def _signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200
