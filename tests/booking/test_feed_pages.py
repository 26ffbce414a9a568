"""The page of one's calendar addresses."""

import re

import icalendar
import pytest
from sqlalchemy import select

from booking.domain.calendar import Scope
from booking.models.feeds import CalendarFeed
from booking.services.feeds import MOST, make_feed, secret_of
from marketplace.accounts.models import User
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_offering, make_user
from tests.pages.reading import words
from tests.web import sign_in, sign_out, submit

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def booking(session, ada, grace):
    made = make_booking(session, make_offering(session, grace), ada)
    session.commit()
    return made


@pytest.fixture
def feed(session, settings, ada, booking):
    made = make_feed(session, ada.id, Scope.MENTEE, secret_key=settings.secret_key, now=TUESDAY)
    session.commit()
    return made


@pytest.fixture
def address(settings, feed):
    return f"/calendar/{secret_of(settings.secret_key, feed.id, feed.rotation)}.ics"


def shown_addresses(page):
    return re.findall(rf'value="{SITE}(/calendar/[a-z2-7]+\.ics)"', page)


def test_the_page_makes_an_address_and_then_shows_it(client, session, ada):
    session.commit()
    sign_in(client, ada)
    assert "Make a calendar address" in client.get("/calendar").text

    answer = submit(client, "/calendar", page="/calendar", scope="mentee", name="Phone")

    assert answer.status_code == 303
    page = client.get("/calendar").text
    [address] = shown_addresses(page)
    assert shown_addresses(client.get("/calendar").text) == [address]
    assert client.get(address).status_code == 200
    for part in (">Phone</h2>", "Another calendar address", f"webcal://127.0.0.1:8000{address}"):
        assert part in page
    assert "calendar.google.com" in page
    assert "outlook.live.com" in page


def test_a_mentee_is_offered_their_sessions_and_busy_times_a_mentor_all_six(client, session, ada, grace):
    session.commit()
    sign_in(client, ada)
    offered = re.findall(r'name="scope"[^>]*value="(\w+)"', client.get("/calendar").text)
    assert offered == ["mentee", "busy", "free_busy"]
    sign_out(client)
    sign_in(client, session.get_one(User, grace.id))

    offered = re.findall(r'name="scope"[^>]*value="(\w+)"', client.get("/calendar").text)

    assert offered == ["both", "mentor", "mentee", "busy", "free_busy", "hours"]


@pytest.mark.parametrize("wish", [{"scope": "mentor"}, {"scope": "both"}, {"scope": "everything"}, {}])
def test_what_is_not_offered_is_refused_beside_the_field_with_the_name_kept(client, session, ada, wish):
    session.commit()
    sign_in(client, ada)

    answer = submit(client, "/calendar", page="/calendar", name="Phone", **wish)

    assert answer.status_code == 422
    assert "Choose what it shows." in words(answer)
    assert 'value="Phone"' in answer.text
    assert session.scalars(select(CalendarFeed)).all() == []


def test_a_name_that_is_too_long_is_told_with_what_was_typed(client, session, ada, feed):
    sign_in(client, ada)
    field = f"calendar{feed.id}-name"

    made = submit(client, "/calendar", page="/calendar", scope="mentee", name="x" * 61)
    changed = submit(client, f"/calendar/{feed.id}/options", page="/calendar", **{field: "y" * 61})

    for answer, typed in ((made, "x" * 61), (changed, "y" * 61)):
        assert answer.status_code == 422
        assert "Use at most 60 characters; these are 61." in words(answer)
        assert typed in answer.text


def test_one_more_than_there_may_be_is_refused_in_words(client, session, settings, ada):
    for _ in range(MOST):
        make_feed(session, ada.id, Scope.MENTEE, secret_key=settings.secret_key, now=TUESDAY)
    session.commit()
    sign_in(client, ada)

    answer = submit(client, "/calendar", page="/calendar", scope="mentee")

    assert answer.status_code == 422
    assert "You have 20 calendar addresses. Remove one that no app reads first." in words(answer)


def test_a_new_address_stops_the_old_one_at_once(client, ada, feed, address):
    sign_in(client, ada)

    submit(client, f"/calendar/{feed.id}/address", page="/calendar")

    [fresh] = shown_addresses(client.get("/calendar").text)
    assert client.get(address).status_code == 404
    assert fresh != address
    assert client.get(fresh).status_code == 200


def test_a_removed_one_stops_and_the_others_stay(client, session, settings, ada, feed, address):
    make_feed(session, ada.id, Scope.BUSY, secret_key=settings.secret_key, now=TUESDAY)
    session.commit()
    sign_in(client, ada)

    submit(client, f"/calendar/{feed.id}/end", page="/calendar")

    [left] = shown_addresses(client.get("/calendar").text)
    assert client.get(address).status_code == 404
    assert client.get(left).status_code == 200


def test_the_join_link_appears_where_its_owner_asks_for_it(client, ada, feed, address):
    sign_in(client, ada)
    before = client.get(address)
    assert b"meet.example.org" not in before.data
    prefix = f"calendar{feed.id}-"

    submit(
        client,
        f"/calendar/{feed.id}/options",
        page="/calendar",
        **{f"{prefix}with_join_link": "y", f"{prefix}with_cancelled": "y"},
    )

    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert b"LOCATION:https://meet.example.org/office-hours" in after.data
    (old,), (new,) = (icalendar.Calendar.from_ical(body).walk("VEVENT") for body in (before.data, after.data))
    assert new.decoded("LAST-MODIFIED") > old.decoded("LAST-MODIFIED")
    submit(client, f"/calendar/{feed.id}/options", page="/calendar")
    assert b"meet.example.org" not in client.get(address).data


def test_who_read_what_when_is_told(client, session, ada, feed, address, clock, booking):
    sign_in(client, ada)
    assert "No app has read it yet." in words(client.get("/calendar"))

    for seconds in (0, 61):
        clock.set(TUESDAY.replace(minute=0, second=seconds % 60, hour=8 + seconds // 60))
        client.get(address, headers={"User-Agent": "Google-Calendar-Importer"}, buffered=True)
    clock.set(TUESDAY.replace(hour=14, minute=2))

    assert "Google Calendar read it 5 hours ago and knows all there is." in words(client.get("/calendar"))
    booking.title = "Another title"
    booking.changed_at = clock.now()
    session.commit()
    assert "Google Calendar read it 5 hours ago and has not seen the latest changes yet." in words(
        client.get("/calendar")
    )


def test_somebody_elses_calendar_cannot_be_touched(client, session, feed, address):
    alan = make_user(session, "Alan Example")
    session.commit()
    sign_in(client, alan)

    for act in ("address", "options", "end"):
        assert submit(client, f"/calendar/{feed.id}/{act}", page="/calendar").status_code == 404
    assert address not in client.get("/calendar").text
    assert client.get(address).status_code == 200


def test_changes_want_the_token_of_the_form(client, ada, feed, address):
    sign_in(client, ada)

    for path in ("/calendar", f"/calendar/{feed.id}/address", f"/calendar/{feed.id}/end"):
        assert client.post(path).status_code == 400
    assert client.get(address).status_code == 200
