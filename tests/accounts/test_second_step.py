"""A code of an app as a second step: set up, asked for, used once, replaced by recovery codes."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from threading import Barrier
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from marketplace.accounts.fresh import FRESH_FOR
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.second_steps import address_of, new_salt, secret_of, step_of
from marketplace.accounts.services.second_step import passes, turn_on
from marketplace.accounts.tokens import Half
from marketplace.app import create_app
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs
from tests.mailbox import letters_kept
from tests.web import Browser, csrf, inputs, is_signed_in, sign_in, submit

HALF_A_MINUTE = timedelta(seconds=30)
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


def test_signing_in_takes_the_password_and_a_code(client, settings, ada, recovery, clock):
    page = half_signed_in(client, ada)
    assert page == f"{CODE_PAGE}?next=/sessions"
    assert not is_signed_in(client)

    form = inputs(client.get(page).text)
    answer = client.post(CODE_PAGE, data={**form, "code": code_of(ada, settings, clock.now())})

    assert (answer.status_code, answer.location) == (303, "/sessions")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("off", "fits"),
    [
        pytest.param(-2, False, id="two steps ago"),
        pytest.param(-1, True, id="one step ago"),
        pytest.param(0, True, id="now"),
        pytest.param(1, True, id="one step ahead"),
        pytest.param(2, False, id="two steps ahead"),
    ],
)
def test_the_apps_clock_may_be_a_little_off(clock, off, fits):
    secret, now = "A" * 32, clock.now()

    found = step_of(pyotp.TOTP(secret).at(now + off * HALF_A_MINUTE), secret, now=now)

    assert (found is not None) == fits


def test_a_code_works_once(app, client, settings, ada, recovery, clock):
    code = code_of(ada, settings, clock.now())
    half_signed_in(client, ada)
    assert submit(client, CODE_PAGE, code=code).status_code == 303
    other = app.test_client()
    half_signed_in(other, ada)

    again = submit(other, CODE_PAGE, code=code)

    assert again.status_code == 422
    assert "was used before" in again.text
    assert not is_signed_in(other)


def test_nor_does_an_older_one_after_it(app, client, settings, ada, recovery, clock):
    older, newer = (code_of(ada, settings, clock.now() + off) for off in (-HALF_A_MINUTE, timedelta(0)))
    half_signed_in(client, ada)
    submit(client, CODE_PAGE, code=newer)
    other = app.test_client()
    half_signed_in(other, ada)

    assert submit(other, CODE_PAGE, code=older).status_code == 422


def test_the_first_code_is_used_with_setting_up(app, client, session, settings, ada, clock):
    sign_in(client, ada)
    code = pyotp.TOTP(shown_secret(client.get(SET_UP).text)).at(clock.now())
    submit(client, SET_UP, code=code)
    other = app.test_client()
    half_signed_in(other, ada)

    assert submit(other, CODE_PAGE, code=code).status_code == 422


def test_another_persons_code_opens_nothing(client, session, settings, ada, recovery, clock):
    alan = make_user(session, "Alan Example")
    turn_on(session, alan.id, salt=new_salt(), step=0, now=clock.now())
    session.commit()
    half_signed_in(client, ada)

    assert submit(client, CODE_PAGE, code=code_of(alan, settings, clock.now())).status_code == 422


def test_a_recovery_code_works_once_and_is_told(app, client, settings, ada, recovery):
    half_signed_in(client, ada)
    assert submit(client, CODE_PAGE, code=recovery[3].replace("-", " ").upper()).status_code == 303
    other = app.test_client()
    half_signed_in(other, ada)

    again = submit(other, CODE_PAGE, code=recovery[3])

    assert again.status_code == 422
    assert "You have 9 codes left" in client.get("/account/second-step").text
    run_jobs(app, settings)
    assert "A recovery code was used" in [letter["Subject"] for letter in letters_kept(settings)]


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


def test_after_five_wrong_codes_the_account_rests_and_its_owner_is_told(app, client, settings, ada, recovery, clock):
    half_signed_in(client, ada)

    found = [submit(client, CODE_PAGE, code=f"{number:06}").status_code for number in range(6)]
    right = submit(client, CODE_PAGE, code=code_of(ada, settings, clock.now()))

    assert found == [422] * 5 + [429]
    assert right.status_code == 429
    assert 890 <= int(right.headers["Retry-After"]) <= 900
    run_jobs(app, settings)
    assert [letter["Subject"] for letter in letters_kept(settings)].count("Somebody knows your password") == 1


def test_a_day_has_only_so_many_tries(client, settings, ada, recovery, clock):
    found = []
    for _ in range(6):
        half_signed_in(client, ada)
        found += [submit(client, CODE_PAGE, code=f"{number:06}").status_code for number in range(4)]
        clock.advance(timedelta(minutes=16))

    assert found == [422] * 20 + [429] * 4
    half_signed_in(client, ada)
    refused = submit(client, CODE_PAGE, code=code_of(ada, settings, clock.now()))
    assert "Please try again in 23 h." in refused.text


def test_a_stranger_who_guesses_does_not_keep_a_recovery_code_out(client, ada, recovery):
    half_signed_in(client, ada)
    for number in range(7):
        submit(client, CODE_PAGE, code=f"{number:06}")

    assert submit(client, CODE_PAGE, code=recovery[0]).status_code == 303


@pytest.mark.parametrize("how", ["never", "too long ago", "another password since", "suspended since", "off since"])
def test_the_code_alone_opens_nothing(client, session, settings, ada, recovery, clock, how):
    if how != "never":
        half_signed_in(client, ada)
    token = csrf(client, "/sign-up")
    if how == "too long ago":
        clock.advance(Half.VALID_FOR + timedelta(seconds=5))
    code = code_of(ada, settings, clock.now())
    if how == "another password since":
        ada.password_hash += "x"
    if how == "suspended since":
        ada.suspended_at = clock.now()
    if how == "off since":
        ada.second_step_salt = ada.second_step_used = None
    session.commit()

    answer = client.post(CODE_PAGE, data={"csrf_token": token, "code": code})

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_signed_in(client)


def test_a_new_password_by_mail_does_not_do_without_the_second_step(client, session, settings, ada, recovery):
    submit(client, "/forgotten", email=ada.email)
    run_jobs(client.application, settings)
    reset = re.search(r"/reset/\S+", letters_kept(settings)[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert reset is not None
    submit(client, reset[0], password="four other plain words")

    answer = submit(client, "/sign-in", email=ada.email, password="four other plain words")

    assert answer.location == CODE_PAGE
    assert not is_signed_in(client)


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


def at_once(app: Flask, one: Callable[[], bool]) -> list[bool]:
    together = Barrier(2)

    def act(_: int) -> bool:
        with app.app_context():
            together.wait()
            passed = one()
            db.session.commit()
            return passed

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(act, range(2)))


@pytest.mark.parametrize("kind", ["a code of the app", "a recovery code"])
def test_of_two_at_once_with_one_code_one_passes(app, session, settings, ada, recovery, clock, kind):
    code = recovery[0] if kind == "a recovery code" else code_of(ada, settings, clock.now())
    both_have_read = Barrier(2)

    def enter() -> bool:
        user = db.session.get_one(User, ada.id)
        both_have_read.wait()
        return passes(db.session(), user, code, secret_key=settings.secret_key, now=utcnow())

    assert at_once(app, enter) == [False, True]


def test_control_who_compares_with_what_was_read_before_lets_both_pass(app, session, settings, ada, recovery, clock):
    secret = secret_of(settings.secret_key, ada.id, ada.second_step_salt or b"")
    code = code_of(ada, settings, clock.now())
    both_have_read = Barrier(2)

    def enter() -> bool:
        user = db.session.get_one(User, ada.id)
        step = step_of(code, secret, now=utcnow(), after=user.second_step_used or 0)
        both_have_read.wait()
        user.second_step_used = step
        return step is not None

    assert at_once(app, enter) == [True, True]
