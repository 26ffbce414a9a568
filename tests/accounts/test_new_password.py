"""A new password: by a link in mail, or by the old one."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.passwords import passwords
from marketplace.accounts.services import new_password
from marketplace.accounts.services.new_password import reset_password, state_of
from marketplace.accounts.tokens import Claim, LinkVoid, Reset, make
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from tests.factories import PASSWORD
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, links, part
from tests.web import csrf, inputs, is_signed_in, sign_in, submit

NEW = "four other plain words"
HOUR = timedelta(hours=1)


def link_for(user: User, settings) -> str:
    return "/reset/" + make(
        Reset(user.id, state_of(user, secret_key=settings.secret_key)), secret_key=settings.secret_key
    )


def facts(session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(MailRow.fact).order_by(MailRow.id)))


def opens(app: Flask, user: User, password: str) -> bool:
    client = app.test_client()
    return submit(client, "/sign-in", email=user.email, password=password).status_code == 303


def test_a_forgotten_password_is_replaced_by_a_link_in_mail(client, app, settings, ada):
    answer = submit(client, "/forgotten", email="ADA@example.org")
    assert (answer.status_code, answer.location) == (303, "/forgotten/sent")
    run_jobs(app, settings)
    [letter] = letters_kept(settings)
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "A new password for Office Hours")
    [link] = links(letter, settings)

    answer = submit(client, link, password=NEW)

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_signed_in(client)
    assert (opens(app, ada, PASSWORD), opens(app, ada, NEW)) == (False, True)


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_asking_tells_nobody_whether_there_is_an_account(client, app, settings, session, ada, email):
    answer = submit(client, "/forgotten", email=email)
    page = client.get(answer.location).text

    assert facts(session) == []  # what is done at once is the same for both
    assert re.search(rf"If {email} has an account here, a mail with a link is on its way\.", page)
    run_jobs(app, settings)
    assert [letter["To"] for letter in letters_kept(settings)] == [email] * (email == ada.email)


@pytest.mark.parametrize("typed", ["", "not one", "a\x00da@example.org", "ada@example.org\nBcc: x@example.org"])
def test_asking_needs_an_address(client, typed):
    answer = submit(client, "/forgotten", email=typed)

    assert answer.status_code == 422
    assert re.search(r'id="email-error">[^<]*Enter a mail address', answer.text)


def test_asking_is_limited_for_each_address(client, ada):
    found = [submit(client, "/forgotten", email="ada@example.org").status_code for _ in range(6)]

    assert found == [303] * 5 + [429]


def test_the_link_works_once(client, ada, settings, session):
    link = link_for(ada, settings)
    submit(client, link, password=NEW)

    again = client.get(link)
    pressed = client.post(link, data={"csrf_token": csrf(client, "/sign-in"), "password": "yet another password"})

    assert (again.status_code, pressed.status_code) == (410, 410)
    assert "used before" in again.text
    assert 'action="/forgotten"' in again.text
    session.refresh(ada)
    assert passwords("test").fits(ada.password_hash, NEW)


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(HOUR - timedelta(seconds=30), 200, id="just within the hour"),
        pytest.param(HOUR + timedelta(seconds=5), 410, id="just after"),
    ],
)
def test_the_link_works_for_an_hour(client, ada, settings, clock, age, status):
    link = link_for(ada, settings)
    clock.advance(age)

    assert client.get(link).status_code == status


def test_a_password_or_an_address_changed_in_between_ends_the_link(client, session, ada, settings):
    by_password, by_address = link_for(ada, settings), link_for(ada, settings)
    ada.email = "lovelace@example.org"
    session.commit()
    assert client.get(by_address).status_code == 410
    ada.email, ada.password_hash = "ada@example.org", passwords("test").hash(NEW)
    session.commit()

    assert client.get(by_password).status_code == 410


def test_a_link_of_another_kind_or_key_opens_nothing(client, ada, settings):
    state = state_of(ada, secret_key=settings.secret_key)
    others = [
        make(Claim(ada.id, ada.email, state), secret_key=settings.secret_key),
        make(Reset(ada.id, state), secret_key="x" * 40),
        make(Reset(ada.id + 1, state), secret_key=settings.secret_key),
        make(Reset(ada.id, ""), secret_key=settings.secret_key),
        "made-up",
    ]

    assert [client.get(f"/reset/{token}").status_code for token in others] == [410] * 5


def test_a_link_for_a_password_confirms_no_address_by_itself(client, ada, settings):
    token = make(Reset(ada.id, state_of(ada, secret_key=settings.secret_key)), secret_key=settings.secret_key)

    assert client.get(f"/verify/{token}").status_code == 410


@pytest.mark.parametrize("password", ["", "short", "ada@EXAMPLE.org", "x" * 201])
def test_a_new_password_is_as_good_as_the_first(client, ada, settings, session, password):
    answer = submit(client, link_for(ada, settings), password=password)

    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    session.refresh(ada)
    assert passwords("test").fits(ada.password_hash, PASSWORD)


def test_the_link_signs_every_browser_out_and_tells_the_address(app, client, ada, settings):
    elsewhere = app.test_client()
    sign_in(elsewhere, ada)
    sign_in(client, ada)

    submit(client, link_for(ada, settings), password=NEW)
    run_jobs(app, settings)

    assert (is_signed_in(client), is_signed_in(elsewhere)) == (False, False)
    [letter] = letters_kept(settings)
    assert (letter["To"], letter["Subject"]) == (ada.email, "You have a new password")
    assert "Every browser was signed out." in part(letter, "plain")
    assert "Tue 1 Dec" in part(letter, "html")


def test_who_reads_the_mail_of_an_address_takes_over_what_a_stranger_signed_up_with_it(app, client, session, settings):
    """A stranger's sign-up must not keep the owner of the address out for ever."""
    stranger = app.test_client()
    mallory = {"name": "Mallory Example", "email": "ada@example.org", "password": "mallory's own password"}
    submit(stranger, "/sign-up", **mallory)
    sign_in(stranger, session.scalars(select(User)).one(), password=mallory["password"])
    submit(client, "/sign-up", name="Ada Example", email="ada@example.org", password=PASSWORD)
    run_jobs(app, settings)
    letter = next(each for each in letters_kept(settings) if each["Subject"].startswith("You already"))
    [link] = links(letter, settings)
    assert "whoever signed up with it before you has no way in" in client.get(link).text

    submit(client, link, password=NEW)

    assert not is_signed_in(stranger)
    session.rollback()
    user = session.scalars(select(User)).one()
    assert user.is_verified
    assert (opens(app, user, mallory["password"]), opens(app, user, NEW)) == (False, True)


def test_a_link_for_signing_up_that_a_stranger_waits_for_is_worth_nothing_after_that(client, session, settings, ada):
    ada.verified_at = None
    session.commit()
    submit(client, link_for(ada, settings), password=NEW)

    page = client.get("/verify/" + make(Claim(ada.id, ada.email, "/"), secret_key=settings.secret_key)).text

    assert "already confirmed" in page
    assert not is_signed_in(client)


def test_who_was_locked_out_by_others_tries_is_let_in_after_a_reset(app, client, ada, settings):
    token = csrf(client, "/sign-in")
    for _ in range(11):
        client.post("/sign-in", data={"csrf_token": token, "email": ada.email, "password": "a guess of a stranger"})

    submit(client, link_for(ada, settings), password=NEW)

    assert opens(app, ada, NEW)


def test_a_password_is_changed_with_the_old_one(app, client, ada, settings):
    elsewhere = app.test_client()
    sign_in(elsewhere, ada)
    sign_in(client, ada)

    answer = submit(client, "/account/password", current=PASSWORD, password=NEW)
    run_jobs(app, settings)

    assert (answer.status_code, answer.location) == (303, "/account")
    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)
    assert (opens(app, ada, PASSWORD), opens(app, ada, NEW)) == (False, True)
    [letter] = letters_kept(settings)
    assert letter["Subject"] == "Your password was changed"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"current": "not it", "password": NEW}, "current", id="another old one"),
        pytest.param({"current": "", "password": NEW}, "current", id="no old one"),
        pytest.param({"current": PASSWORD, "password": "short"}, "password", id="a short new one"),
        pytest.param({"current": PASSWORD, "password": "ada@example.org"}, "password", id="the address"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_changes_nothing(client, session, ada, fields, wrong):
    sign_in(client, ada)

    answer = submit(client, "/account/password", **fields)

    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert not {"current", "password"} & {name for name, value in inputs(answer.text).items() if value}
    assert facts(session) == []
    session.refresh(ada)
    assert passwords("test").fits(ada.password_hash, PASSWORD)


def test_the_old_password_cannot_be_guessed_there_either(client, ada):
    sign_in(client, ada)
    token = csrf(client, "/account/password")
    fields = {"csrf_token": token, "current": "a guess of a thief", "password": NEW}

    found = [client.post("/account/password", data=fields).status_code for _ in range(11)]

    assert found == [422] * 10 + [429]


def two_resets_at_once(app: Flask, proof: Reset, secret_key: str) -> list[str]:
    """Which of two passwords were taken."""
    together, taken = Barrier(2), []

    def one(password: str) -> None:
        with app.app_context():
            together.wait()
            try:
                reset_password(
                    db.session(), proof, password, passwords=passwords("test"), secret_key=secret_key, now=utcnow()
                )
            except LinkVoid:
                db.session.rollback()
                return
            db.session.commit()
            taken.append(password)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, ["the first password", "the second password"]))
    return taken


def test_of_two_at_once_with_one_link_one_is_taken(app, session, ada, settings):
    proof = Reset(ada.id, state_of(ada, secret_key=settings.secret_key))

    taken = two_resets_at_once(app, proof, settings.secret_key)

    session.refresh(ada)
    assert len(taken) == 1
    assert passwords("test").fits(ada.password_hash, taken[0])


def test_control_without_the_lock_both_are_taken(app, ada, settings, monkeypatch):
    both_have_read = Barrier(2)

    def read_and_wait(session, user_id: int) -> User | None:
        user: User | None = session.get(User, user_id)
        both_have_read.wait()
        return user

    monkeypatch.setattr(new_password, "lock_if_there", read_and_wait)
    proof = Reset(ada.id, state_of(ada, secret_key=settings.secret_key))

    assert len(two_resets_at_once(app, proof, settings.secret_key)) == 2
