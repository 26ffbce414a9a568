"""Dangerous acts ask for the password again."""

from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from marketplace.accounts.fresh import FRESH_FOR, fresh_sign_in
from marketplace.accounts.models import SignIn, User
from tests.factories import PASSWORD
from tests.web import csrf, inputs, sign_in, submit

SECOND = timedelta(seconds=1)


@pytest.fixture
def app(app: Flask) -> Flask:
    """With a page that does something dangerous."""

    @app.route("/danger", methods=["GET", "POST"])
    @fresh_sign_in
    def danger() -> str:
        return f"done by {request.method}"

    return app


def after(client: FlaskClient, user: User, clock, age: timedelta) -> FlaskClient:
    sign_in(client, user)
    clock.advance(age)
    return client


def test_a_visitor_is_asked_to_sign_in(client):
    answer = client.get("/danger")

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/danger")


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(timedelta(0), 200, id="just signed in"),
        pytest.param(FRESH_FOR - SECOND * 20, 200, id="within 15 minutes"),
        pytest.param(FRESH_FOR + SECOND, 303, id="after 15 minutes"),
    ],
)
def test_who_gave_the_password_lately_is_not_asked_again(client, ada, clock, age, status):
    assert after(client, ada, clock, age).get("/danger?of=1").status_code == status


def test_the_password_leads_back_to_where_one_was(client, ada, clock):
    asked = after(client, ada, clock, FRESH_FOR).get("/danger?of=1")
    assert asked.location == "/account/confirm?next=/danger?of%3D1"
    form = inputs(client.get(asked.location).text)

    answer = client.post("/account/confirm", data={**form, "current": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/danger?of=1")
    assert client.get("/danger").text == "done by GET"


def test_a_button_pressed_too_late_does_nothing_and_leads_to_its_page(client, ada, clock):
    token = csrf(after(client, ada, clock, FRESH_FOR), "/account")

    answer = client.post("/danger", data={"csrf_token": token}, headers={"Referer": "http://localhost/danger?of=1"})

    assert (answer.status_code, answer.location) == (303, "/account/confirm?next=/danger?of%3D1")


def test_a_wrong_password_opens_nothing_and_is_counted(client, ada, clock):
    token = csrf(after(client, ada, clock, FRESH_FOR), "/account")
    fields = {"csrf_token": token, "current": "a guess of a thief", "next": "/danger"}

    answers = [client.post("/account/confirm", data=fields) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "That is not your password." in answers[0].text
    assert inputs(answers[0].text)["next"] == "/danger"
    assert client.get("/danger").status_code == 303


def test_one_browser_proves_nothing_for_another(app, client, ada, clock):
    other = app.test_client()
    sign_in(other, ada)
    submit(after(client, ada, clock, FRESH_FOR), "/account/confirm", current=PASSWORD)

    assert client.get("/danger").status_code == 200
    assert other.get("/danger").status_code == 303


def test_a_sign_in_without_a_password_is_not_fresh(client, session, ada):
    sign_in(client, ada)
    session.query(SignIn).one().proved_at = None
    session.commit()

    assert client.get("/danger").status_code == 303


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_never_leads_off_the_site(client, ada, evil):
    sign_in(client, ada)

    assert submit(client, "/account/confirm", current=PASSWORD, next=evil).location == "/account"
