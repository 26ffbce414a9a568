"""Signing up, without telling anybody whether an address has an account."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from marketplace.accounts.models import User
from marketplace.accounts.passwords import passwords
from marketplace.accounts.services.sign_up import Applicant, sign_up
from marketplace.app import create_app
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from tests.accounts.hashing import counting_passwords
from tests.factories import PASSWORD, make_user
from tests.web import Browser, inputs, sign_in, submit

WAITING_FOR_A_LOCK = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
MINUTE = timedelta(minutes=1)
ADA = {"name": "Ada Example", "email": "Ada@Example.org", "password": PASSWORD}


def users(session) -> list[User]:
    session.rollback()
    return list(session.scalars(select(User).order_by(User.id)))


def letters(session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(MailRow.fact).order_by(MailRow.id)))


def tag_of(page: str, name: str) -> str:
    """The <input> of that name, as it is written."""
    return next(tag[0] for tag in re.finditer(r"<input[^>]*>", page) if f'name="{name}"' in tag[0])


def without_secrets(page: str) -> str:
    return re.sub(r'value="[^"]*"|data-now="[^"]*"', "", page)


def test_a_visitor_signs_up_and_is_written_to(client, session, clock):
    answer = submit(client, "/sign-up", **ADA)

    assert (answer.status_code, answer.location) == (303, "/sign-up/check-mail")
    [user] = users(session)
    assert (user.email, user.name, user.zone) == ("Ada@example.org", "Ada Example", "Europe/Amsterdam")
    assert user.verified_at is None
    assert user.password_hash.startswith("$argon2id$")
    assert letters(session) == ["accounts:verify"]
    assert "Ada@example.org" in client.get(answer.location).text


def test_a_known_address_gets_the_same_answer_and_its_owner_another_letter(client, session, app):
    owner = make_user(session, email="ADA@example.org", name="Ada, the first")
    kept_hash = owner.password_hash
    session.commit()
    stranger = app.test_client()

    known = submit(stranger, "/sign-up", **ADA)
    fresh = submit(client, "/sign-up", **{**ADA, "email": "new@example.org"})

    assert (known.status_code, known.location, known.text) == (fresh.status_code, fresh.location, fresh.text)
    pages = [stranger.get(known.location).text, client.get(fresh.location).text.replace("new@", "Ada@")]
    assert without_secrets(pages[0]) == without_secrets(pages[1])
    assert [user.name for user in users(session)] == ["Ada, the first", "Ada Example"]
    assert users(session)[0].password_hash == kept_hash
    assert letters(session) == ["accounts:already_here", "accounts:verify"]


def test_the_cookie_does_not_tell_either(client, app, session):
    make_user(session, email="ada@example.org")
    session.commit()
    stranger = app.test_client()

    submit(stranger, "/sign-up", **ADA)
    submit(client, "/sign-up", **{**ADA, "email": "new@example.org"})

    shapes = []
    for browser in (stranger, client):
        with browser.session_transaction() as cookie:
            shapes.append({name: len(str(value)) for name, value in cookie.items() if name != "mail_sent_to"})
    assert shapes[0] == shapes[1]


def test_both_answers_hash_the_password_once(session, clock):
    make_user(session, email="ada@example.org")
    costs = []
    for address in ("ada@example.org", "new@example.org"):
        counted, asked = counting_passwords()
        applicant = Applicant(address, PASSWORD, "Ada", "Europe/Paris")

        sign_up(session, applicant, passwords=counted, onward="", now=clock.now())
        costs.append(asked)

    assert costs == [["hash"], ["hash"]]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param({"email": "ada"}, "Enter a mail address such as ada@example.org.", id="no address"),
        pytest.param({"email": "ada@localhost"}, "Enter a mail address", id="an address without a domain"),
        pytest.param({"email": "a\u0000da@example.org"}, "Enter a mail address", id="an address with a null byte"),
        pytest.param({"email": "adä@example.org"}, "Enter a mail address", id="a local part that few servers take"),
        pytest.param({"email": ""}, "Enter a mail address", id="no address at all"),
        pytest.param({"password": "ninechars"}, "at least 10 characters", id="nine characters"),
        pytest.param({"password": "x" * 201}, "at most 200 characters", id="201 characters"),
        pytest.param({"password": "ADA@example.org"}, "other than your mail address", id="the address as password"),
        pytest.param({"name": "   "}, "Enter the name that others will see.", id="no name"),
        pytest.param({"name": "x" * 81}, "at most 80 characters", id="a long name"),
        pytest.param({"name": "Ada\u202egro.live"}, "letters, marks and spaces", id="a name that turns the line round"),
        pytest.param({"name": "Ada\u0000"}, "letters, marks and spaces", id="a name with a null byte"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(client, session, wrong, sentence):
    answer = submit(client, "/sign-up", **{**ADA, **wrong})

    assert answer.status_code == 422
    [name] = wrong
    assert re.search(rf'id="{name}-error">[^<]*{re.escape(sentence)}', answer.text)
    assert f'<a href="#{name}">' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f"{name}-error" in tag_of(answer.text, name).partition("aria-describedby")[2]
    assert users(session) == []


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("x" * 10, id="10 characters"),
        pytest.param("x" * 200, id="200 characters"),
        pytest.param("päßword of ünicode 🙂", id="beyond ASCII"),
        pytest.param("  spaces count  ", id="spaces at the ends"),
    ],
)
def test_passwords_at_the_limits_are_taken(client, session, password):
    submit(client, "/sign-up", **{**ADA, "password": password})

    assert passwords("test").fits(users(session)[0].password_hash, password)


def test_what_was_typed_is_kept_but_for_the_password(client):
    answer = submit(client, "/sign-up", next="/mentors/grace", zone="Asia/Tokyo", **{**ADA, "password": "short"})

    kept = inputs(answer.text)
    assert (kept["name"], kept["email"], kept["zone"], kept["next"]) == (
        "Ada Example",
        "Ada@example.org",
        "Asia/Tokyo",
        "/mentors/grace",
    )
    assert kept["password"] == ""
    assert "short" not in answer.text


def test_inputs_say_what_they_hold(client):
    page = client.get("/sign-up").text

    for name, purpose in {"name": "name", "email": "email", "password": "new-password"}.items():
        assert f'autocomplete="{purpose}"' in tag_of(page, name)
        assert f'<label class="form-label" for="{name}">' in page
    assert "placeholder" not in page
    assert 'type="password"' in page


@pytest.mark.parametrize(
    ("browser", "cookie", "zone"),
    [
        pytest.param("Asia/Tokyo", "Europe/Paris", "Asia/Tokyo", id="what the browser says"),
        pytest.param("Asia/Calcutta", "", "Asia/Calcutta", id="an old name, as browsers say it"),
        pytest.param("", "Europe/Paris", "Europe/Paris", id="else the cookie"),
        pytest.param("Mars/Olympus", "../etc/passwd", "Europe/Amsterdam", id="else the site's"),
    ],
)
def test_the_zone_comes_with_the_sign_up(client, session, browser, cookie, zone):
    client.set_cookie("zone", cookie)

    submit(client, "/sign-up", zone=browser, **ADA)

    assert users(session)[0].zone == zone


def test_the_same_address_in_other_unicode_is_the_same_account(client, session):
    submit(client, "/sign-up", **{**ADA, "email": "ada@mu\u0308nchen.example"})
    submit(client, "/sign-up", **{**ADA, "email": "ADA@M\u00dcNCHEN.example"})

    assert [user.email for user in users(session)] == ["ada@m\u00fcnchen.example"]


def test_the_password_fits_however_its_letters_were_put_together(client, session):
    submit(client, "/sign-up", **{**ADA, "password": "caf\u00e9 au lait, please"})

    [user] = users(session)
    sign_in(client, user, password="cafe\u0301 au lait, please")


TERMS = {"terms_url": "https://hours.example.org/terms", "terms_version": "2026-11"}


@pytest.fixture
def with_terms(settings) -> Iterator[FlaskClient]:
    app = create_app(replace(settings, **TERMS))
    app.test_client_class = Browser
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_terms_are_accepted_and_which_ones_is_kept(with_terms, session, clock):
    assert 'href="https://hours.example.org/terms"' in with_terms.get("/sign-up").text

    submit(with_terms, "/sign-up", accept_terms="y", **ADA)

    [user] = users(session)
    assert user.terms_version == "2026-11"
    assert user.terms_accepted_at == pytest.approx(clock.now(), abs=MINUTE)


def test_without_the_terms_there_is_no_account(with_terms, session):
    answer = submit(with_terms, "/sign-up", **ADA)

    assert answer.status_code == 422
    assert re.search(r'id="accept_terms-error">Accept the terms to go on\.', answer.text)
    assert users(session) == []


def test_a_site_without_terms_asks_for_none(client, session):
    submit(client, "/sign-up", accept_terms="y", terms_version="forged", **ADA)

    assert "accept_terms" not in client.get("/sign-up").text
    assert (users(session)[0].terms_version, users(session)[0].terms_accepted_at) == (None, None)


def test_letters_come_in_the_language_in_which_one_signed_up(client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "nl,en;q=0.5"

    submit(client, "/sign-up", **ADA)

    assert users(session)[0].locale == "nl"


def test_a_form_without_its_token_is_refused(client, session):
    answer = client.post("/sign-up", data=ADA)

    assert answer.status_code == 400
    assert users(session) == []


def test_strangers_cannot_fill_a_mailbox(client, session, clock):
    make_user(session, email="ada@example.org")
    session.commit()
    for _ in range(9):
        submit(client, "/sign-up", **ADA)
        submit(client, "/sign-up", **ADA)
        clock.advance(MINUTE)

    assert letters(session) == ["accounts:already_here"] * 5
    clock.advance(60 * MINUTE)
    submit(client, "/sign-up", **ADA)
    assert letters(session) == ["accounts:already_here"] * 6


def two_sign_ups_at_once(app) -> list[bool]:
    """The second begins to write while the first has written and not committed. True: got a new account."""
    results: list[bool] = []
    first_wrote, second_runs = threading.Event(), threading.Event()

    def act(name: str, before, after) -> None:
        with app.app_context():
            before()
            applicant = Applicant("ada@example.org", PASSWORD, name, "Europe/Paris")
            user = sign_up(db.session(), applicant, passwords=passwords("test"), onward="", now=utcnow())
            after()
            db.session.commit()
            results.append(user is not None)

    def wait_until_blocked() -> None:
        first_wrote.set()
        assert second_runs.wait(10)
        give_up_at = time.monotonic() + 10
        with db.engine.connect() as watcher:
            while time.monotonic() < give_up_at:
                waiting = watcher.scalar(text(WAITING_FOR_A_LOCK))
                watcher.rollback()
                if waiting or results:
                    return
        raise AssertionError("the second sign-up never came")

    def wait_for_first() -> None:
        assert first_wrote.wait(10)
        second_runs.set()

    threads = [
        threading.Thread(target=act, args=("first", lambda: None, wait_until_blocked)),
        threading.Thread(target=act, args=("second", wait_for_first, lambda: None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_of_two_sign_ups_at_once_one_gets_the_account_and_the_other_the_letter(app, session):
    results = two_sign_ups_at_once(app)

    assert sorted(results) == [False, True]
    assert [user.name for user in users(session)] == ["first"]
    assert sorted(letters(session)) == ["accounts:already_here", "accounts:verify"]


def test_control_without_the_constraint_both_get_an_account(app, session):
    session.execute(text("DROP INDEX one_account_per_address"))
    session.commit()

    assert two_sign_ups_at_once(app) == [True, True]
    assert session.scalar(select(func.count()).select_from(User)) == 2
