"""Confirming an address: the link in the mail, the button behind it, and what becomes of the one who presses it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.accounts.tokens import VALID_FOR, Claim, make
from marketplace.core.clock import utcnow
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, links
from tests.web import inputs, is_signed_in, sign_in, submit

CHOSEN = "/mentors/grace/times?at=2026-12-08T09:30Z&offering=1"
ADA = {"name": "Ada Example", "email": "ada@example.org", "password": PASSWORD, "next": CHOSEN}


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, email="ada@example.org", verified_at=None)
    session.commit()
    return user


def link_for(user: User, settings, *, onward: str = CHOSEN, email: str | None = None) -> str:
    return "/verify/" + make(Claim(user.id, email or user.email, onward), secret_key=settings.secret_key)


def press(client: FlaskClient, link: str):
    return submit(client, link)


def test_whoever_signed_up_in_this_browser_is_signed_in_and_where_they_were(client, app, settings, session):
    submit(client, "/sign-up", **ADA)
    run_jobs(app, settings)
    [letter] = letters_kept(settings)
    [link] = links(letter, settings)

    answer = press(client, link)

    assert (answer.status_code, answer.location) == (303, CHOSEN)
    assert is_signed_in(client)
    assert "not confirmed" not in client.get("/account").text


def test_in_another_browser_one_has_to_sign_in_and_is_where_one_was(client, ada, settings, session):
    answer = press(client, link_for(ada, settings))

    session.refresh(ada)
    assert ada.verified_at == pytest.approx(utcnow(), abs=timedelta(seconds=60))
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")
    assert not is_signed_in(client)
    assert inputs(client.get(answer.location).text)["next"] == CHOSEN


def test_signing_up_with_a_known_address_does_not_make_the_browser_trusted(client, ada, settings):
    submit(client, "/sign-up", **ADA)

    press(client, link_for(ada, settings))

    assert not is_signed_in(client)


def test_whoever_is_signed_in_stays_so(client, ada, settings):
    sign_in(client, ada)

    answer = press(client, link_for(ada, settings))

    assert (answer.status_code, answer.location) == (303, CHOSEN)
    assert is_signed_in(client)


def test_another_person_who_is_signed_in_here_is_not_swapped(client, ada, session, settings):
    alan = make_user(session, "Alan Example")
    session.commit()
    sign_in(client, alan)

    press(client, link_for(ada, settings))

    session.refresh(ada)
    assert ada.is_verified
    assert alan.email in client.get("/account").text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_only_looking_at_the_link_confirms_nothing(client, ada, settings, session, method):
    answer = client.open(link_for(ada, settings), method=method)

    session.refresh(ada)
    assert answer.status_code == 200
    assert ada.verified_at is None


def test_the_link_is_no_way_round_the_token_of_the_form(client, ada, settings, session):
    answer = client.post(link_for(ada, settings))

    session.refresh(ada)
    assert answer.status_code == 400
    assert ada.verified_at is None


def test_a_second_use_is_told_kindly(client, ada, settings):
    link = link_for(ada, settings)
    token = inputs(client.get(link).text)["csrf_token"]
    client.post(link, data={"csrf_token": token})

    again = client.post(link, data={"csrf_token": token})
    looked = client.get(link)

    for answer in (again, looked):
        assert answer.status_code == 200
        assert "already confirmed" in answer.text
        assert "Sign in" in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(VALID_FOR - timedelta(seconds=30), 200, id="just within three days"),
        pytest.param(VALID_FOR + timedelta(seconds=5), 410, id="just after"),
    ],
)
def test_the_link_works_for_three_days(client, ada, settings, clock, age, status):
    link = link_for(ada, settings)
    clock.advance(age)

    assert client.get(link).status_code == status


def test_an_old_link_offers_a_new_one_that_leads_to_the_same_place(client, app, ada, settings, clock):
    link = link_for(ada, settings)
    clock.advance(VALID_FOR + timedelta(hours=1))
    page = client.get(link)
    form = inputs(page.text)
    assert (form["email"], form["next"]) == ("ada@example.org", CHOSEN)

    answer = client.post("/verify/again", data=form)
    run_jobs(app, settings)

    assert answer.status_code == 303
    [letter] = letters_kept(settings)
    assert press(client, links(letter, settings)[0]).status_code == 303
    assert "already confirmed" in client.get(links(letter, settings)[0]).text


def forged(user: User, settings) -> dict[str, str]:
    claim = Claim(user.id, user.email, CHOSEN)
    right = make(claim, secret_key=settings.secret_key)
    payload, stamp, signature = right.split(".")
    return {
        "another key": make(claim, secret_key="x" * 40),
        "another payload": f"{payload[:-2]}AA.{stamp}.{signature}",
        "another time": f"{payload}.AAAA.{signature}",
        "no signature": payload,
        "nothing of ours": "favicon.ico",
    }


@pytest.mark.parametrize("kind", ["another key", "another payload", "another time", "no signature", "nothing of ours"])
def test_a_forged_link_confirms_nothing_and_offers_a_real_one(client, ada, settings, session, kind):
    link = "/verify/" + forged(ada, settings)[kind]
    looked = client.get(link)

    answer = client.post(link, data={"csrf_token": inputs(looked.text)["csrf_token"]})

    session.refresh(ada)
    assert (looked.status_code, answer.status_code) == (410, 410)
    assert 'action="/verify/again"' in answer.text
    assert "ada@example.org" not in answer.text
    assert ada.verified_at is None


def test_a_link_for_an_earlier_address_confirms_nothing(client, ada, settings, session):
    link = link_for(ada, settings, email="old@example.org")

    answer = press(client, link)

    session.refresh(ada)
    assert answer.status_code == 410
    assert ada.verified_at is None


@pytest.mark.parametrize("email", ["ada@example.org", "olga@example.org", "nobody@example.org"])
def test_asking_for_a_new_link_tells_nothing(client, app, ada, settings, session, email):
    make_user(session, "Olga Example", email="olga@example.org")
    session.commit()

    answer = submit(client, "/verify/again", page="/sign-up/check-mail", email=email, next=CHOSEN)
    page = client.get(answer.location).text

    assert answer.status_code == 303
    assert page.replace(email, "").count("If that address waits to be confirmed, a new mail is on its way.") == 1
    run_jobs(app, settings)
    subjects = {"ada@example.org": ["Confirm"], "olga@example.org": ["You already"], "nobody@example.org": []}
    for letter, subject in zip(letters_kept(settings), subjects[email], strict=True):
        assert str(letter["Subject"]).startswith(subject)
        assert letter["To"] == email


def test_asking_again_needs_an_address(client):
    answer = submit(client, "/verify/again", page="/sign-up/check-mail", email="not one")

    assert answer.status_code == 422
    assert "Enter a mail address such as" in answer.text


def test_a_mail_that_has_become_pointless_is_not_sent(client, app, settings, ada, session):
    submit(client, "/verify/again", page="/sign-up/check-mail", email=ada.email)
    submit(client, "/verify/again", page="/sign-up/check-mail", email=ada.email)
    press(client, link_for(ada, settings))

    run_jobs(app, settings)

    assert [str(letter["Subject"])[:11] for letter in letters_kept(settings)] == ["You already"]


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_link_never_leads_off_the_site(client, ada, settings, evil):
    sign_in(client, ada)

    answer = press(client, link_for(ada, settings, onward=evil))

    assert (answer.status_code, answer.location) == (303, "/")
