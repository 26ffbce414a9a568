"""A code asked for at signing in: each works once, also at once from two sides, and guessing leads nowhere."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.accounts.second_steps import new_salt, secret_of, step_of
from marketplace.accounts.services.second_step import passes, turn_on
from marketplace.accounts.tokens import Half
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from tests.accounts.second_steps import CODE_PAGE, SET_UP, code_of, half_signed_in, recovery, shown_secret
from tests.factories import make_user
from tests.jobs import run_jobs
from tests.mailbox import letters_kept
from tests.web import csrf, inputs, is_signed_in, sign_in, submit

__all__ = ["recovery"]

HALF_A_MINUTE = timedelta(seconds=30)


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
