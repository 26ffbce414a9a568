"""Moving an account to another mail address."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.fresh import FRESH_FOR
from marketplace.accounts.models import User
from marketplace.accounts.tokens import Move, Undo, make
from marketplace.core.mail import MailRow
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, links, part
from tests.web import csrf, inputs, is_signed_in, sign_in, submit

OLD, NEW = "ada@example.org", "lovelace@example.org"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, email=OLD)
    session.commit()
    return user


def asked(client: FlaskClient, user: User, new: str = NEW):
    sign_in(client, user)
    return submit(client, "/account/address", email=new)


def letter_to(settings, address: str, beginning: str):
    found = [each for each in letters_kept(settings) if each["To"] == address and each["Subject"].startswith(beginning)]
    assert len(found) == 1, [(each["To"], each["Subject"]) for each in letters_kept(settings)]
    return found[0]


def press(client: FlaskClient, link: str):
    return client.post(link, data={"csrf_token": csrf(client, link)})


def move_link(user: User, settings, new: str = NEW) -> str:
    return "/address/" + make(Move(user.id, user.email, new), secret_key=settings.secret_key)


def undo_link(user: User, settings) -> str:
    return "/address/back/" + make(Undo(user.id, OLD, NEW), secret_key=settings.secret_key)


def opens(app: Flask, email: str, password: str = PASSWORD) -> bool:
    return submit(app.test_client(), "/sign-in", email=email, password=password).status_code == 303


def moved(client: FlaskClient, app: Flask, user: User, settings) -> str:
    """The link to take it back, from the letter to the old address."""
    asked(client, user)
    press(client, move_link(user, settings))
    run_jobs(app, settings)
    [link] = links(letter_to(settings, OLD, "Your account has"), settings)
    return link


def test_a_new_address_is_confirmed_from_its_own_mailbox(client, app, session, settings, ada):
    answer = asked(client, ada)
    assert (answer.status_code, answer.location) == (303, "/account#address")
    assert f"{NEW} waits to be confirmed" in client.get("/account").text
    run_jobs(app, settings)
    [link] = links(letter_to(settings, NEW, "Confirm your new address"), settings)
    elsewhere = app.test_client()  # mail is read on another device
    assert f"have the address {NEW} from now on" in elsewhere.get(link).text

    answer = press(elsewhere, link)

    assert answer.status_code == 303
    session.refresh(ada)
    assert (ada.email, ada.new_email, ada.is_verified) == (NEW, None, True)
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert (opens(app, OLD), opens(app, NEW)) == (False, True)


def test_until_then_the_old_address_works(client, app, session, settings, ada):
    asked(client, ada)
    client.get(move_link(ada, settings))
    client.head(move_link(ada, settings))

    session.refresh(ada)
    assert (ada.email, ada.new_email) == (OLD, NEW)
    assert (opens(app, OLD), opens(app, NEW)) == (True, False)


def test_both_addresses_are_told(client, app, settings, ada):
    asked(client, ada)
    run_jobs(app, settings)
    warning = letter_to(settings, OLD, "Another address was asked for")
    assert NEW in part(warning, "plain")
    assert links(warning, settings) == ["/forgotten"]

    press(client, move_link(ada, settings))
    run_jobs(app, settings)

    to_old, to_new = (letter_to(settings, each, "Your account has a new address") for each in (OLD, NEW))
    assert [link.startswith("/address/back/") for link in links(to_old, settings)] == [True]
    assert links(to_new, settings) == []
    assert NEW in part(to_new, "html")


def test_an_address_that_was_never_confirmed_is_not_written_to(client, app, session, settings, ada):
    ada.verified_at = None
    session.commit()
    asked(client, ada)
    press(client, move_link(ada, settings))
    run_jobs(app, settings)

    assert {str(letter["To"]) for letter in letters_kept(settings)} == {NEW}
    session.refresh(ada)
    assert ada.is_verified


def test_it_asks_for_the_password_first(client, ada, clock):
    sign_in(client, ada)
    token = csrf(client, "/account/address")
    clock.advance(FRESH_FOR + SECOND)

    looked = client.get("/account/address")
    pressed = client.post("/account/address", data={"csrf_token": token, "email": NEW})

    assert (looked.status_code, looked.location) == (303, "/account/confirm?next=/account/address")
    assert pressed.status_code == 303
    assert "waits to be confirmed" not in client.get("/account").text


def test_an_address_that_is_taken_gives_nothing_away(app, client, session, settings, ada):
    make_user(session, "Alan Example", email="alan@example.org")
    session.commit()
    other = app.test_client()
    grace = make_user(session, "Grace Example", email="grace@example.org")
    session.commit()

    taken, free = asked(client, ada, "ALAN@example.org"), asked(other, grace, "free@example.org")

    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    pages = [client.get("/account").text, other.get("/account").text]
    assert [page.count("waits to be confirmed") for page in pages] == [1, 1]
    facts = session.scalars(select(MailRow.fact).order_by(MailRow.id)).all()
    assert facts == ["accounts:new_address", "accounts:address_asked"] * 2
    session.rollback()
    run_jobs(app, settings)
    [link] = links(letter_to(settings, "free@example.org", "Confirm your new"), settings)
    assert link.startswith("/address/")
    assert "/address/" not in part(letter_to(settings, "alan@example.org", "You already have"), "plain")


def test_an_address_that_is_taken_in_between_is_not_taken_over(client, session, settings, ada):
    asked(client, ada)
    make_user(session, "Alan Example", email="Lovelace@example.org")
    session.commit()

    answer = press(client, move_link(ada, settings))

    assert answer.status_code == 410
    assert "an account of its own by now" in answer.text
    session.refresh(ada)
    assert ada.email == OLD


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("", "Enter a mail address", id="nothing"),
        pytest.param("ada", "Enter a mail address", id="no address"),
        pytest.param("x@example.org\r\nBcc: y@example.org", "Enter a mail address", id="a header"),
        pytest.param("ADA@example.org", "This is your address already.", id="the same"),
        pytest.param("a" * 100_000 + "@example.org", "Enter a mail address", id="an endless one"),
    ],
)
def test_what_is_no_new_address_is_said_beside_the_field(client, session, ada, typed, sentence):
    answer = asked(client, ada, typed)

    assert answer.status_code == 422
    assert re.search(rf'id="email-error">[^<]*{sentence}', answer.text)
    session.refresh(ada)
    assert ada.new_email is None


def test_strangers_mailboxes_cannot_be_filled(client, ada):
    sign_in(client, ada)
    found = [submit(client, "/account/address", email=NEW).status_code for _ in range(6)]

    assert found == [303] * 5 + [429]


def test_who_thinks_otherwise_keeps_the_old_one(client, session, settings, ada):
    asked(client, ada)
    link = move_link(ada, settings)

    submit(client, "/account/address/forget", page="/account")

    assert client.get(link).status_code == 410
    session.refresh(ada)
    assert (ada.email, ada.new_email) == (OLD, None)


@pytest.mark.parametrize(
    ("age", "status"),
    [pytest.param(DAY - SECOND * 30, 200, id="within a day"), pytest.param(DAY + SECOND * 5, 410, id="after it")],
)
def test_the_link_works_for_a_day(client, settings, ada, clock, age, status):
    asked(client, ada)
    link = move_link(ada, settings)
    clock.advance(age)

    assert client.get(link).status_code == status


def test_links_work_once_and_no_other_kind_does(client, session, settings, ada):
    asked(client, ada)
    forged = [
        "/address/made-up",
        "/address/" + make(Undo(ada.id, OLD, NEW), secret_key=settings.secret_key),
        "/address/" + make(Move(ada.id, OLD, NEW), secret_key="x" * 40),
        "/address/" + make(Move(ada.id, OLD, "mallory@example.org"), secret_key=settings.secret_key),
        "/address/back/" + make(Move(ada.id, OLD, NEW), secret_key=settings.secret_key),
        "/address/back/" + make(Undo(ada.id, OLD, NEW), secret_key=settings.secret_key),
    ]
    link = move_link(ada, settings)
    token = csrf(client, "/account")
    assert [client.get(each).status_code for each in forged] == [410] * 6
    press(client, link)

    again = client.post(link, data={"csrf_token": token})

    assert (again.status_code, client.get(link).status_code) == (410, 410)
    session.refresh(ada)
    assert ada.email == NEW


def test_a_new_password_ends_a_strangers_wish_for_another_address(client, session, settings, ada):
    asked(client, ada)
    link = move_link(ada, settings)

    submit(client, "/account/password", current=PASSWORD, password="four other plain words")

    assert client.get(link).status_code == 410


def test_the_old_address_takes_the_account_back_from_a_thief(client, app, session, settings, ada):
    link = moved(client, app, ada, settings)
    owner = app.test_client()
    assert f"the address {OLD} again instead of {NEW}" in owner.get(link).text

    answer = press(owner, link)

    session.refresh(ada)
    assert ada.email == OLD
    assert not is_signed_in(client)
    assert not opens(app, OLD)  # the thief knows that password
    assert answer.location.startswith("/reset/")
    submit(owner, answer.location, password="four other plain words")
    assert opens(app, OLD, "four other plain words")


def test_only_looking_takes_nothing_back(client, app, session, settings, ada):
    link = moved(client, app, ada, settings)

    client.get(link)
    answer = client.post(link)

    session.refresh(ada)
    assert (answer.status_code, ada.email) == (400, NEW)


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(DAY * 3 - SECOND * 30, 200, id="within three days"),
        pytest.param(DAY * 3 + SECOND * 5, 410, id="after"),
    ],
)
def test_taking_back_is_possible_for_three_days(app, settings, session, ada, clock, age, status):
    ada.email = NEW
    session.commit()
    link = undo_link(ada, settings)
    clock.advance(age)

    assert app.test_client().get(link).status_code == status


def test_what_was_moved_on_or_taken_meanwhile_cannot_be_taken_back(client, session, settings, ada):
    ada.email = NEW
    session.commit()
    link = undo_link(ada, settings)
    make_user(session, "Alan Example", email=OLD)
    session.commit()

    taken = press(client, link)
    ada.email = "third@example.org"
    session.commit()
    moved_on = client.get(link)

    assert (taken.status_code, moved_on.status_code) == (410, 410)
    session.refresh(ada)
    assert (ada.email, inputs(taken.text).get("email")) == ("third@example.org", None)


def test_two_accounts_that_want_one_address_do_not_both_get_it(app, client, session, settings, ada):
    grace = make_user(session, "Grace Example", email="grace@example.org")
    session.commit()
    asked(client, ada)
    asked(app.test_client(), grace)

    answers = [press(client, move_link(user, settings)).status_code for user in (ada, grace)]

    assert answers == [303, 410]
