"""A browser without a screen: what a person does on the pages, through the real forms."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.accounts.models import User
from tests.factories import PASSWORD

ANSWERS = {
    "better": "Saying no to work that is not mine.",
    "why_now": "From January on I lead the team.",
    "tried": "A list on the wall. It is still there.",
    "worth": "One sentence that I can say tomorrow.",
}
"""What is asked before a fit call, by the fields of its form."""

_INPUT = re.compile(r"<input\b[^>]*>")


class Browser(FlaskClient):
    """Each request in an application context of its own, as on a server.

    Flask lends a request the context that a test holds open, and with it `g`: who is signed in and the CSRF token would
    then outlive the request that found them.
    """

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


def inputs(html: str) -> dict[str, str]:
    """Name to value of every <input> of a page; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in _INPUT.findall(html):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in given:
            found.setdefault(given["name"], unescape(given.get("value", "")))
    return found


def csrf(client: FlaskClient, url: str) -> str:
    """The token of the first form of a page."""
    page = client.get(url)
    assert page.status_code == 200, f"{url} answered {page.status}"
    return inputs(page.text)["csrf_token"]


def submit(client: FlaskClient, url: str, *, page: str | None = None, **fields: str) -> TestResponse:
    """Load the page (or `page`, when the form stands elsewhere), fill the form in and send it to `url`."""
    return client.post(url, data={"csrf_token": csrf(client, page or url), **fields})


def sign_in(client: FlaskClient, user: User, password: str = PASSWORD) -> TestResponse:
    """Through the real form; the user must be committed. Fails the test if they are not let in."""
    answer = submit(client, "/sign-in", email=user.email, password=password)
    assert answer.status_code == 303, answer.text
    return answer


def sign_out(client: FlaskClient) -> TestResponse:
    return submit(client, "/sign-out", page="/account")


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200
