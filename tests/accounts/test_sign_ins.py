"""Where a person is signed in, and ending that from elsewhere."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.models import SignIn
from marketplace.accounts.queries import IDLE, SIGN_INS_SHOWN
from marketplace.accounts.services.sign_ins import SEEN_EVERY, end_all
from tests.factories import make_user
from tests.jobs import sweep
from tests.queries import count_queries
from tests.web import csrf, is_signed_in, sign_in, sign_out, submit

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
PAGE = "/account/sign-ins"
SECOND = timedelta(seconds=1)


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return browser(app, PHONE)


def browser(app: Flask, user_agent: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    return client


def rows(session) -> list[SignIn]:
    session.rollback()
    statement = select(SignIn).order_by(SignIn.id)
    return list(session.scalars(statement, execution_options={"populate_existing": True}))


def test_each_browser_is_listed_by_its_name(app, ada, phone):
    computer = browser(app, FIREFOX)
    sign_in(computer, ada)
    sign_in(phone, ada)

    shown = re.sub(r"\s+", " ", computer.get(PAGE).text)

    assert 'Firefox on Linux <span class="state state-on">This browser</span>' in shown
    assert "<strong>Safari on iPhone</strong>" in shown
    assert "Sign out there: Safari on iPhone" in shown


def test_nothing_more_is_kept_of_a_browser(app, session, ada, phone):
    sign_in(phone, ada)

    [row] = rows(session)
    assert (row.browser, row.system) == ("Safari", "iPhone")
    assert {column.name for column in SignIn.__table__.columns} == {
        "id",
        "public_id",
        "user_id",
        "token_sha256",
        "browser",
        "system",
        "created_at",
        "last_seen_at",
        "proved_at",
    }


def test_the_row_does_not_hold_what_the_cookie_holds(client, session, ada):
    sign_in(client, ada)

    with client.session_transaction() as cookie:
        token = cookie["sign_in"]
    [row] = rows(session)
    assert len(token) >= 43
    assert token.encode() not in row.token_sha256


def test_a_browser_is_signed_out_from_another(client, session, ada, phone):
    sign_in(phone, ada)
    [there] = rows(session)
    sign_in(client, ada)

    answer = submit(client, f"{PAGE}/{there.public_id}/end", page=PAGE)

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert (is_signed_in(client), is_signed_in(phone)) == (True, False)


def test_everywhere_else_is_signed_out_at_once(app, client, ada, phone):
    third = app.test_client()
    for each in (phone, third, client):
        sign_in(each, ada)

    submit(client, f"{PAGE}/end-others", page=PAGE)

    assert [is_signed_in(each) for each in (client, phone, third)] == [True, False, False]
    assert "Sign out everywhere else" not in client.get(PAGE).text


def test_another_persons_sign_in_is_not_found_and_stays(client, session, ada, phone):
    alan = make_user(session, "Alan Example")
    session.commit()
    sign_in(phone, alan)
    [his] = rows(session)
    sign_in(client, ada)

    answer = submit(client, f"{PAGE}/{his.public_id}/end", page=PAGE)
    submit(client, f"{PAGE}/end-others", page=PAGE)

    assert answer.status_code == 404
    assert is_signed_in(phone)
    assert his.public_id not in client.get(PAGE).text


def test_signing_out_ends_the_row_and_not_only_the_cookie(client, session, ada):
    sign_in(client, ada)
    with client.session_transaction() as cookie:
        kept = dict(cookie)

    sign_out(client)

    assert rows(session) == []
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert not is_signed_in(client)


def test_signing_in_again_in_one_browser_leaves_one_row(client, session, ada):
    sign_in(client, ada)
    token = csrf(client, "/account")
    client.post("/sign-in", data={"csrf_token": token, "email": ada.email, "password": "correct horse battery staple"})

    assert len(rows(session)) == 1
    assert is_signed_in(client)


def test_a_cookie_without_a_sign_in_opens_nothing(client, session, ada):
    alan = make_user(session, "Alan Example")
    session.commit()
    sign_in(client, ada)

    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(alan.id)
    assert not is_signed_in(client)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(ada.id)
        del cookie["sign_in"]
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("idle", "still"),
    [pytest.param(IDLE - SECOND * 30, True, id="29 days"), pytest.param(IDLE + SECOND, False, id="30 days")],
)
def test_a_sign_in_that_is_not_used_ends_by_itself(app, client, session, ada, clock, idle, still):
    sign_in(client, ada)
    clock.advance(idle)

    sweep(app, "accounts:forget_sign_ins")

    assert is_signed_in(client) == still
    assert len(rows(session)) == int(still)


def test_when_it_was_last_used_is_written_every_few_minutes_at_most(client, session, ada, clock):
    sign_in(client, ada)
    [row] = rows(session)
    before = row.last_seen_at
    clock.advance(SEEN_EVERY - SECOND * 20)
    client.get("/account")
    assert rows(session)[0].last_seen_at == before

    clock.advance(SECOND * 30)
    client.get("/account")

    seen = rows(session)[0].last_seen_at
    assert seen > before
    client.get("/account")
    assert rows(session)[0].last_seen_at == seen


def test_a_page_asks_for_the_person_and_the_sign_in_at_once(client, ada):
    sign_in(client, ada)

    with count_queries() as statements:
        client.get("/account")

    assert len([each for each in statements if "FROM users" in each]) == 1
    assert len([each for each in statements if "sign_in" in each]) == 1


def test_the_list_ends_somewhere(app, client, session, ada):
    for _ in range(SIGN_INS_SHOWN + 3):
        sign_in(app.test_client(), ada)
    sign_in(client, ada)

    with count_queries() as statements:
        shown = client.get(PAGE).text

    assert shown.count("Sign out there</button>") == SIGN_INS_SHOWN - 1
    assert len(statements) <= 4


def test_all_sign_ins_of_one_person_can_be_ended(client, session, ada, phone):
    alan = make_user(session, "Alan Example")
    session.commit()
    sign_in(client, ada)
    sign_in(phone, alan)

    end_all(session, ada.id)
    session.commit()

    assert (is_signed_in(client), is_signed_in(phone)) == (False, True)
