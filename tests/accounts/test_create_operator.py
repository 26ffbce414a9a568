"""`flask create-operator`."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.models import User
from tests.factories import PASSWORD, make_user
from tests.web import sign_in


def run(app: Flask, email: str, *, password: str = PASSWORD, again: str | None = None):
    return app.test_cli_runner().invoke(
        args=["create-operator", email, "--name", "Olga Example"], input=f"{password}\n{again or password}\n"
    )


def test_an_operator_can_sign_in_at_once(app: Flask, client: FlaskClient, session) -> None:
    result = run(app, "olga@example.org")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    olga = session.scalars(select(User)).one()
    assert (olga.is_operator, olga.is_verified, olga.zone) == (True, True, "Europe/Amsterdam")
    sign_in(client, olga)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"email": "olga"}, "Enter a mail address", id="no address"),
        pytest.param({"email": "olga@example.org", "password": "short"}, "at least 10", id="a short password"),
        pytest.param({"email": "ADA@example.org"}, "There is an account", id="an address that is taken"),
        pytest.param({"email": "olga@example.org", "again": "another one"}, "do not match", id="mistyped"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(app, session, given, sentence):
    make_user(session, email="ada@example.org")
    session.commit()

    result = run(app, **given)

    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert len(session.scalars(select(User)).all()) == 1
