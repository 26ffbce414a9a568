"""Signing in and out, and being sent on to where one was going."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from marketplace.accounts.current import verified
from marketplace.accounts.models import User
from marketplace.accounts.passwords import passwords
from marketplace.accounts.services.sign_in import authenticate
from marketplace.core.errors import NotAllowed
from tests.accounts.hashing import counting_passwords
from tests.factories import PASSWORD, make_user
from tests.web import csrf, inputs, is_signed_in, sign_in, sign_out, submit

CHOSEN = "/mentors/grace?at=2026-12-08T09:30Z"
OFF_THE_SITE = [
    "//evil.example",
    "///evil.example",
    "https:evil.example",
    "https://evil.example",
    "https:/evil.example",
    "HTTPS://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "\r\n//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "%2f%2fevil.example",
    "",
]


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, email="Ada@example.org")
    session.commit()
    return user


@pytest.mark.parametrize("email", ["Ada@example.org", "ada@EXAMPLE.org", "  ADA@example.org "])
def test_a_person_signs_in_however_they_write_their_address(client, ada, email):
    answer = submit(client, "/sign-in", email=email, password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)


def test_wrong_password_and_unknown_address_get_the_same_answer(client, ada):
    wrong = submit(client, "/sign-in", email="who@example.org", password=PASSWORD)
    unknown = submit(client, "/sign-in", email=ada.email, password="not the password")
    broken = submit(client, "/sign-in", email="a\x00da", password=PASSWORD)

    pages = [wrong.text.replace("who@", "Ada@"), unknown.text, broken.text.replace("a\x00da", ada.email)]
    without_tokens = [page.replace(inputs(page)["csrf_token"], "") for page in pages]
    assert [answer.status_code for answer in (wrong, unknown, broken)] == [422, 422, 422]
    assert "That address and password do not go together." in wrong.text
    assert [len(page) for page in without_tokens[1:]] == [len(without_tokens[0])] * 2
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["Ada@example.org", "nobody@example.org", "not an address"])
def test_the_same_work_is_done_whether_or_not_there_is_an_account(session, ada, email):
    counted, asked = counting_passwords()

    user = authenticate(session, email, "not the password", passwords=counted)

    assert user is None
    assert asked == ["verify"]


def test_the_decoy_opens_nothing():
    assert not passwords("test").fits(None, "nobody has this password")


def test_the_password_is_not_sent_back(client, ada):
    answer = submit(client, "/sign-in", email=ada.email, password="not the password", next=CHOSEN)

    kept = inputs(answer.text)
    assert (kept["email"], kept["password"], kept["next"]) == (ada.email, "", CHOSEN)


def test_an_old_hash_is_renewed_when_its_owner_comes(client, session):
    old = PasswordHasher(2, 16, 1).hash(PASSWORD)
    user = make_user(session, password_hash=old)
    session.commit()

    sign_in(client, user)

    session.refresh(user)
    assert user.password_hash != old
    assert not passwords("test").outdated(user.password_hash)
    assert passwords("test").fits(user.password_hash, PASSWORD)


def test_a_wrong_password_renews_nothing(client, session):
    user = make_user(session, password_hash=PasswordHasher(2, 16, 1).hash(PASSWORD))
    session.commit()
    kept = user.password_hash

    submit(client, "/sign-in", email=user.email, password="not the password")

    session.refresh(user)
    assert user.password_hash == kept


def test_outside_tests_passwords_cost_what_argon2_advises():
    assert not PasswordHasher().check_needs_rehash(passwords("production").hash(PASSWORD))


def test_nothing_of_the_session_before_survives_signing_in(client, ada):
    before = csrf(client, "/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
        session["_flashes"] = [("message", "planted")]

    client.post("/sign-in", data={"csrf_token": before, "email": ada.email, "password": PASSWORD})

    with client.session_transaction() as session:
        assert "planted" not in session
        assert "_flashes" not in session
        assert not session.permanent
    assert client.post("/account", data={"csrf_token": before, "name": "Mallory"}).status_code == 400


def test_the_cookie_is_not_for_scripts_or_other_sites(client, ada):
    cookie = sign_in(client, ada).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_signing_out_needs_the_form(client, ada):
    sign_in(client, ada)

    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)
    assert (sign_out(client).status_code, is_signed_in(client)) == (303, False)


def test_who_was_sent_to_sign_in_comes_back(client, ada):
    asked = client.get("/account?from=menu")
    assert asked.status_code == 302
    form = inputs(client.get(asked.location).text)

    answer = client.post("/sign-in", data={**form, "email": ada.email, "password": PASSWORD})

    assert answer.location == "/account?from=menu"


def test_the_way_on_survives_a_change_of_mind(client):
    signing_in = client.get("/sign-in", query_string={"next": CHOSEN})
    signing_up = client.get("/sign-up", query_string={"next": CHOSEN})

    for page, other in ((signing_in, "/sign-up"), (signing_up, "/sign-in")):
        ways = [urlsplit(unescape(href)) for href in re.findall(r'href="([^"]+)"', page.text)]
        assert {"next": [CHOSEN]} in [parse_qs(way.query) for way in ways if way.path == other]
    assert inputs(signing_in.text)["next"] == inputs(signing_up.text)["next"] == CHOSEN


@pytest.mark.parametrize("page", ["/sign-in", "/sign-up"])
def test_who_is_signed_in_already_is_sent_on(client, ada, page):
    sign_in(client, ada)

    assert client.get(page, query_string={"next": CHOSEN}).location == CHOSEN
    assert client.get(page).location == "/"


@pytest.mark.parametrize("target", OFF_THE_SITE)
def test_nobody_is_sent_off_the_site(client, ada, target):
    shown = client.get("/sign-in", query_string={"next": target})

    answer = submit(client, "/sign-in", email=ada.email, password=PASSWORD, next=target)
    again = client.get("/sign-in", query_string={"next": target})

    page, _, _ = shown.text.partition('<form class="languages"')  # which leads back to this very address
    assert "evil" not in page
    assert (answer.status_code, answer.location) == (303, "/")
    assert again.location == "/"


@pytest.mark.parametrize("target", ["/", "/mentors?topic=a%2Fb", "/%2f%2fevil.example", "/a//b", CHOSEN])
def test_paths_of_ours_are_kept_as_they_are(client, ada, target):
    answer = submit(client, "/sign-in", email=ada.email, password=PASSWORD, next=target)

    assert answer.location == target


def test_an_endless_way_on_is_dropped(client, ada):
    answer = submit(client, "/sign-in", email=ada.email, password=PASSWORD, next="/" + "x" * 2000)

    assert answer.location == "/"


def test_the_unverified_look_around_and_are_told_what_to_do(client, session):
    user = make_user(session, verified_at=None)
    session.commit()

    sign_in(client, user)

    page = client.get("/account").text
    assert "not confirmed yet" in page
    assert 'action="/verify/again"' in page


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_needs_a_confirmed_address_says_so(app, session, clock, confirmed):
    user = make_user(session, verified_at=clock.now() - timedelta(days=1) if confirmed else None)
    session.commit()
    app.add_url_rule("/needs-it", "needs_it", lambda: verified().email)
    client = app.test_client()
    sign_in(client, user)

    answer = client.get("/needs-it")

    assert answer.status_code == (200 if confirmed else 403)
    assert confirmed or "Confirm your address first" in answer.text


def test_a_visitor_is_not_verified(app):
    with app.test_request_context(), pytest.raises(NotAllowed):
        verified()


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(client: FlaskClient) -> None:
    """Not to the button's own address, which a browser cannot open."""
    token = csrf(client, "/sign-in")
    page = "/mentors/grace?start=2026-12-08T09:00Z"

    answer = client.post(
        "/mentors/grace/holds", data={"csrf_token": token}, headers={"Referer": f"http://localhost{page}"}
    )
    elsewhere = client.post(
        "/mentors/grace/holds", data={"csrf_token": token}, headers={"Referer": f"http://evil{page}"}
    )

    assert answer.location == "/sign-in?next=/mentors/grace?start%3D2026-12-08T09:00Z"
    assert elsewhere.location == "/sign-in"
