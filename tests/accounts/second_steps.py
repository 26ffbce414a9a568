"""A second step that is on, with the codes that it takes and the pages that show and ask for them."""

import re
from datetime import datetime

import pyotp
import pytest
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.accounts.second_steps import new_salt, secret_of
from marketplace.accounts.services.second_step import turn_on
from tests.factories import PASSWORD
from tests.web import submit

SET_UP = "/account/second-step/set-up"
CODE_PAGE = "/sign-in/code"


@pytest.fixture
def recovery(session, ada, clock) -> list[str]:
    """The recovery codes of Ada, whose second step is on; its first code was used long ago."""
    codes = turn_on(session, ada.id, salt=new_salt(), step=0, now=clock.now())
    session.commit()
    return codes


def code_of(user: User, settings, at: datetime) -> str:
    assert user.second_step_salt is not None
    return pyotp.TOTP(secret_of(settings.secret_key, user.id, user.second_step_salt)).at(at)


def half_signed_in(client: FlaskClient, user: User, onward: str = "/sessions") -> str:
    """The page that asks for the code."""
    answer = submit(client, "/sign-in", email=user.email, password=PASSWORD, next=onward)
    assert answer.status_code == 303
    return str(answer.location)


def shown_secret(page: str) -> str:
    found = re.search(r'id="second-step-key"[^>]*>([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z2-7-]+)</code></li>", page)
