"""A code of an app as a second step: set up, with new recovery codes, turned off, and asked of operators."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from sqlalchemy import select, text

from marketplace.accounts.fresh import FRESH_FOR
from marketplace.accounts.models import RecoveryCode
from marketplace.accounts.second_steps import address_of, secret_of
from marketplace.app import create_app
from marketplace.core.db import db
from tests.accounts.second_steps import CODE_PAGE, SET_UP, half_signed_in, recovery, shown_codes, shown_secret
from tests.factories import make_user
from tests.jobs import run_jobs
from tests.mailbox import letters_kept
from tests.web import Browser, csrf, inputs, sign_in, submit

__all__ = ["recovery"]


def test_it_is_set_up_with_the_first_code_of_the_app(client, app, session, settings, ada, clock):
    sign_in(client, ada)
    page = client.get(SET_UP).text
    code = pyotp.TOTP(shown_secret(page)).at(clock.now())

    answer = submit(client, SET_UP, code=f"{code[:3]} {code[3:]}")

    codes = shown_codes(answer.text)
    assert (answer.status_code, len(set(codes))) == (200, 10)
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", each) for each in codes)
    session.refresh(ada)
    assert ada.has_second_step
    run_jobs(app, settings)
    assert [letter["Subject"] for letter in letters_kept(settings)] == ["Your second step is on"]
    assert "You have 10 codes left" in client.get("/account/second-step").text


def test_the_picture_says_what_the_key_says(client, ada):
    sign_in(client, ada)
    page = client.get(SET_UP).text

    picture = re.search(r'<img class="qr" src="(data:image/svg\+xml[^"]+)" alt="[^"]+">', page)

    assert picture is not None
    assert "<script" not in unquote(unescape(picture[1]))
    assert shown_secret(page) == shown_secret(client.get(SET_UP).text)


def test_apps_are_told_for_whom_and_where(ada, settings):
    parts = urlsplit(address_of("A" * 32, account="ada@example.org", site="Hours & Co"))

    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/Hours & Co:ada@example.org")
    assert parse_qs(parts.query)["secret"] == ["A" * 32]


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "٠٠٠٠٠٠", "9" * 100_000, "\x00"])
def test_a_wrong_first_code_turns_nothing_on(client, session, ada, code):
    sign_in(client, ada)

    answer = submit(client, SET_UP, code=code)

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    session.refresh(ada)
    assert not ada.has_second_step


def test_who_has_not_confirmed_the_address_cannot_set_it_up(client, session, ada):
    ada.verified_at = None
    session.commit()
    sign_in(client, ada)

    assert client.get(SET_UP).status_code == 403


def test_what_is_dangerous_asks_for_the_password(client, ada, clock):
    sign_in(client, ada)
    token = csrf(client, "/account")
    clock.advance(FRESH_FOR)

    looked = [client.get(page).location for page in ("/account/second-step", SET_UP)]
    pressed = [
        client.post(f"/account/second-step/{act}", data={"csrf_token": token}).location for act in ("off", "codes")
    ]

    assert all(location.startswith("/account/confirm") for location in looked + pressed)


def test_new_recovery_codes_end_the_old_ones(app, client, ada, recovery):
    half_signed_in(client, ada)
    submit(client, CODE_PAGE, code=recovery[0])

    fresh = shown_codes(submit(client, "/account/second-step/codes", page="/account").text)

    other = app.test_client()
    half_signed_in(other, ada)
    assert submit(other, CODE_PAGE, code=recovery[1]).status_code == 422
    assert submit(other, CODE_PAGE, code=fresh[0]).status_code == 303


def test_neither_secret_nor_codes_are_stored(session, settings, ada, recovery):
    secret = secret_of(settings.secret_key, ada.id, ada.second_step_salt or b"")
    stored = "".join(
        str(row) for table in ("users", "recovery_code") for row in session.execute(text(f"SELECT * FROM {table}"))
    )

    assert secret not in stored
    assert not [code for code in recovery if code in stored or code.replace("-", "") in stored]


def test_it_can_be_turned_off(app, client, session, settings, ada, recovery):
    half_signed_in(client, ada)
    submit(client, CODE_PAGE, code=recovery[0])

    submit(client, "/account/second-step/off", page="/account")

    session.refresh(ada)
    assert not ada.has_second_step
    assert session.scalars(select(RecoveryCode)).all() == []
    sign_in(app.test_client(), ada)
    run_jobs(app, settings)
    assert "Your second step is off" in [letter["Subject"] for letter in letters_kept(settings)]


def test_an_operator_is_led_to_it_where_the_site_asks_for_it(session, settings, clock):
    olga = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    app = create_app(replace(settings, require_operator_second_step=True))
    app.test_client_class = Browser
    client = app.test_client()
    sign_in(client, olga)

    led = client.get("/operator/bookings?page=2")
    assert (led.status_code, led.location) == (303, f"{SET_UP}?next=/operator/bookings?page%3D2")
    page = client.get(led.location).text
    form = inputs(page.partition("<main")[2])
    codes = client.post(SET_UP, data={**form, "code": pyotp.TOTP(shown_secret(page)).at(clock.now())})

    assert 'href="/operator/bookings?page=2"' in codes.text
    assert client.get("/operator/bookings").status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_nobody_else_learns_that_there_are_operators_pages(session, settings, ada):
    app = create_app(replace(settings, require_operator_second_step=True))
    app.test_client_class = Browser
    client = app.test_client()
    sign_in(client, ada)

    assert client.get("/operator/bookings").status_code == 404
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("environment", "given", "asked"),
    [("production", None, True), ("production", False, False), ("development", None, False), ("test", True, True)],
)
def test_production_asks_operators_for_it_unless_it_is_told_not_to(settings, environment, given, asked):
    there = replace(settings, environment=environment, require_operator_second_step=given)

    assert there.operators_need_second_step == asked
