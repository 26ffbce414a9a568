"""Calendars for programs over HTTP: bookable hours and busy times, in the time that is asked for."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import text, update

from booking.domain.calendar import Scope
from booking.models.bookings import Booking
from booking.services.feeds import make_feed, secret_of
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.web import sign_in

HOUR = timedelta(hours=1)
WEEK = "from=2026-12-07&to=2026-12-14"


@pytest.fixture
def grace(session):
    mentor = make_mentor(session, zone="Europe/Amsterdam")
    session.commit()
    return mentor


@pytest.fixture
def address(session, settings):
    """Of a new calendar of that person."""

    def address(person, scope):
        feed = make_feed(session, person.id, scope, secret_key=settings.secret_key, now=TUESDAY)
        session.commit()
        return f"/calendar/{secret_of(settings.secret_key, feed.id, feed.rotation)}.ics"

    return address


def user_of(session, mentor):
    return session.get_one(User, mentor.id)


def available(answer):
    assert answer.status_code == 200
    return [
        (str(part.decoded("DTSTART").astimezone(UTC))[:16], "RRULE" in part)
        for part in icalendar.Calendar.from_ical(answer.data).walk("AVAILABLE")
    ]


def busy(answer):
    assert answer.status_code == 200
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    return [line.partition(":")[2] for line in lines if line.startswith("FREEBUSY")]


def test_hours_are_those_of_the_time_that_is_asked_for(client, grace, address):
    hours = address(grace, Scope.HOURS)

    answer = client.get(f"{hours}?from=2026-12-08&to=2026-12-10")

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert available(answer) == [("2026-12-08 08:00", True), ("2026-12-09 08:00", True), ("2026-12-10 08:00", True)]
    assert (
        "DTSTART:20261208T000000Z\r\nDTEND:20261210T000000Z" in answer.text or "DTEND:20261210T000000Z" in answer.text
    )


def test_hours_say_nothing_of_sessions(client, session, grace, address):
    hours = address(grace, Scope.HOURS)
    before = client.get(hours).data

    make_booking(session, make_offering(session, grace), make_user(session), datetime(2026, 12, 8, 9, tzinfo=UTC))
    session.commit()

    etag = client.get(hours).headers["ETag"]
    assert client.get(hours).data == before
    assert client.get(hours, headers={"If-None-Match": etag}).status_code == 304


def test_changed_hours_have_another_tag_and_are_no_304(client, session, grace, address):
    hours = address(grace, Scope.HOURS)
    first = client.get(hours)
    assert client.get(hours, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    session.execute(text("UPDATE working_hours SET minutes = '{[600,700)}'"))
    session.commit()

    answer = client.get(hours, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert "Last-Modified" not in first.headers


def test_who_takes_no_bookings_has_no_hours(client, session, grace, address):
    hours = address(grace, Scope.HOURS)
    session.execute(update(Mentor).where(Mentor.id == grace.id).values(status="paused"))
    session.commit()

    assert available(client.get(hours)) == []


def test_busy_times_are_those_of_both_sides_and_say_nothing_else(client, session, grace, address):
    ada, edsger = make_user(session), make_mentor(session, "Edsger Example")
    nine = datetime(2026, 12, 8, 9, tzinfo=UTC)
    make_booking(session, make_offering(session, grace), ada, nine)
    make_booking(session, make_offering(session, edsger), user_of(session, grace), nine + 3 * HOUR)
    over = make_booking(session, make_offering(session, grace), ada, nine + 6 * HOUR)
    end = {"status": "cancelled_by_mentor", "cancelled_at": TUESDAY, "cancelled_by": grace.id}
    session.execute(update(Booking).where(Booking.id == over.id).values(end))
    session.commit()

    answer = client.get(f"{address(grace, Scope.FREE_BUSY)}?{WEEK}")

    assert busy(answer) == ["20261208T090000Z/20261208T100000Z", "20261208T120000Z/20261208T130000Z"]
    assert not any(word in answer.text for word in ("Ada", "Edsger", "Single session", "VEVENT", "sessions/"))


def test_a_session_that_began_before_the_time_asked_for_is_cut(client, session, grace, address):
    make_booking(session, make_offering(session, grace), make_user(session), datetime(2026, 12, 8, 9, tzinfo=UTC))
    session.commit()

    answer = client.get(f"{address(grace, Scope.FREE_BUSY)}?from=2026-12-08T09:30Z&to=2026-12-08T12:00Z")

    assert busy(answer) == ["20261208T093000Z/20261208T100000Z"]


def test_busy_times_are_a_304_until_a_session_changes(client, session, grace, address):
    times = address(grace, Scope.FREE_BUSY)
    tag = {"If-None-Match": client.get(f"{times}?{WEEK}").headers["ETag"]}
    assert client.get(f"{times}?{WEEK}", headers=tag).status_code == 304
    assert client.get(times, headers=tag).status_code == 200

    make_booking(session, make_offering(session, grace), make_user(session), datetime(2026, 12, 8, 9, tzinfo=UTC))
    session.commit()

    assert client.get(f"{times}?{WEEK}", headers=tag).status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["from=yesterday", "to=2026-13-01", "from=2026-12-08T09:00", "from=2026-12-09&to=2026-12-08", "from=9999-12-31"],
)
@pytest.mark.parametrize("scope", [Scope.HOURS, Scope.FREE_BUSY])
def test_what_is_no_time_is_refused_in_a_sentence(client, grace, address, scope, asked):
    answer = client.get(f"{address(grace, scope)}?{asked}")

    assert answer.status_code == 422
    assert "Give from and to as dates such as 2026-12-01" in answer.text


def test_more_than_calendars_reach_is_cut(client, grace, address):
    answer = client.get(f"{address(grace, Scope.HOURS)}?from=1999-01-01&to=2099-01-01")

    assert answer.status_code == 200
    assert "DTSTART:20260901T000000Z" in answer.text  # 90 days before the epoch


def test_only_mentors_have_hours_to_tell_and_nobody_tells_them_by_themselves(session, settings, client, grace):
    with pytest.raises(NotFound):
        make_feed(session, make_user(session).id, Scope.HOURS, secret_key=settings.secret_key, now=TUESDAY)
    session.rollback()

    assert client.get(f"/calendar/{'a' * 32}.ics").status_code == 404


def test_the_page_offers_them_and_says_what_they_are_for(client, session, grace, address):
    address(grace, Scope.HOURS)
    sign_in(client, user_of(session, grace))

    page = client.get("/calendar").text

    assert "When I am busy, for programs (VFREEBUSY)" in page
    assert "Whoever has this address sees in which hours you can be booked, and nothing else." in page
    assert "webcal://" not in page
