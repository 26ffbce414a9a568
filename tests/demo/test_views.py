from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from marketplace.core.clock import CLOCK, utcnow
from marketplace.demo.people import SIGN_INS
from tests.web import csrf, submit


def become(client, email):
    return submit(client, "/demo/sign-in", page="/demo", email=email)


def move_clock(client, wish, **fields):
    return submit(client, "/demo/clock", page="/demo", move=wish, **fields)


def test_the_page_names_everybody_one_can_be(seeded, client):
    page = unescape(client.get("/demo").text)

    assert [person.name for person in SIGN_INS if person.name not in page] == []


@pytest.mark.parametrize(
    ("email", "landing"),
    [
        pytest.param("hedy@example.org", "/mentorships", id="a mentee sees what has grown"),
        pytest.param("ada@example.org", "/", id="a mentee chooses a mentor"),
        pytest.param("grace@example.org", "/week", id="a mentor sees her week"),
        pytest.param("olga@example.org", "/operator", id="the operator sees what waits"),
    ],
)
def test_one_press_signs_in(seeded, client, email, landing):
    answer = become(client, email)

    assert (answer.status_code, answer.location) == (303, landing)
    assert email in client.get("/account").text


def test_nobody_else_can_be_signed_in_as(seeded, client):
    answer = become(client, "somebody@example.org")

    assert answer.status_code == 404
    assert client.get("/account").status_code == 302


def test_signing_in_needs_the_token_of_the_page(seeded, client):
    answer = client.post("/demo/sign-in", data={"email": "ada@example.org"})

    assert answer.status_code == 400
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("wish", "by"),
    [
        pytest.param("10-minutes", timedelta(minutes=10), id="ten minutes"),
        pytest.param("40-minutes", timedelta(minutes=40), id="longer than a hold"),
        pytest.param("1-day", timedelta(days=1), id="a day"),
        pytest.param("1-week", timedelta(weeks=1), id="a week"),
    ],
)
def test_the_clock_moves_on(seeded, client, wish, by):
    before = CLOCK.offset()

    answer = move_clock(client, wish)

    assert (answer.status_code, answer.location) == (303, "/demo")
    assert CLOCK.offset() - before == by


def test_the_clock_goes_back_to_real_time(seeded, client):
    move_clock(client, "real-time")

    assert abs(utcnow() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_moves_no_other_way(seeded, client):
    before = CLOCK.offset()

    answer = move_clock(client, "1-year")

    assert answer.status_code == 422
    assert CLOCK.offset() == before


def test_a_clock_that_stands_in_no_file_is_not_moved(settings, seeded, another_app):
    app = another_app(replace(settings, clock_offset_file=None))

    answer = move_clock(app.test_client(), "1-day")

    assert answer.status_code == 422
    assert "CLOCK_OFFSET_FILE" in answer.text


def test_every_page_says_that_nothing_is_real(seeded, client):
    assert "nothing is real" in client.get("/").text
    assert "nothing is real" in client.get("/nowhere").text


def test_a_moved_clock_is_told_on_every_page(seeded, client):
    move_clock(client, "real-time")
    move_clock(client, "1-day")

    assert "1 day ahead of real time" in client.get("/").text


@pytest.mark.parametrize("path", ["/demo", "/demo/mails", "/demo/mails/mail-00000001"])
def test_without_demo_there_are_no_such_pages(settings, seeded, another_app, path):
    app = another_app(replace(settings, demo=False))

    assert app.test_client().get(path).status_code == 404
    assert "nothing is real" not in app.test_client().get("/").text


@pytest.mark.parametrize("path", ["/demo/sign-in", "/demo/clock"])
def test_without_demo_nothing_can_be_pressed(settings, seeded, another_app, path):
    app = another_app(replace(settings, demo=False))
    client = app.test_client()

    answer = client.post(path, data={"csrf_token": csrf(client, "/sign-in"), "email": "ada@example.org"})

    assert answer.status_code == 404
