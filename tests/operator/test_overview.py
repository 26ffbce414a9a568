"""What an operator sees first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import sign_in

PAGE = "/operator"
TODAY = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


@pytest.fixture
def olga(client, session):
    user = make_user(session, "Olga Example", zone="Europe/Amsterdam", is_operator=True)
    session.commit()
    sign_in(client, user)
    return user


def test_where_nothing_has_happened_it_says_so(client, olga):
    page = words(client.get(PAGE))

    assert "What waits for you Nothing. What can go by itself has gone." in page
    assert "Today, in Europe/Amsterdam 0 In the next seven days 0 Being paid for 0" in page
    assert "Nobody has paid anything yet." in page


def test_profiles_that_wait_are_counted_and_led_to(client, session, olga):
    for number in range(2):
        make_mentor(session, f"Grace {number}", slug=f"grace-{number}", status="submitted", submitted_at=TUESDAY)
    session.commit()

    page = client.get(PAGE)

    assert '<a href="/operator/mentors">2 profiles to be read</a>' in page.text
    assert "Nothing." not in words(page)


def test_sessions_are_counted_by_the_readers_day(client, session, olga):
    offering = make_offering(session, make_mentor(session))
    mentees = [make_user(session) for _ in range(4)]
    ends_today, tomorrow, beyond = TODAY + timedelta(hours=8), TODAY + timedelta(hours=9), TODAY + timedelta(days=8)
    for number, (mentee, start) in enumerate(zip(mentees, (TODAY, ends_today, tomorrow, beyond), strict=True)):
        make_sale(session, offering, mentee, start, public_id=f"s{number}")
    until = TUESDAY + timedelta(minutes=30)
    later = TODAY + timedelta(days=1)
    make_sale(session, offering, make_user(session), later, status=BookingStatus.HELD, held_until=until)
    session.commit()

    assert "Today, in Europe/Amsterdam 2 In the next seven days 3 Being paid for 1" in words(client.get(PAGE))


def test_as_many_questions_are_asked_of_the_database_whatever_there_is(client, session, olga):
    client.get(PAGE)
    with count_queries() as before:
        client.get(PAGE)
    offering = make_offering(session, make_mentor(session))
    for number in range(10):
        make_sale(session, offering, make_user(session), TODAY + timedelta(hours=2 * number), public_id=f"s{number}")
    session.commit()

    with count_queries() as after:
        client.get(PAGE)

    assert len(after) == len(before)


def test_no_session_lies_outside_its_boundaries_and_one_that_does_is_not_hidden(client, session, olga):
    booking = make_booking(session, make_offering(session, make_mentor(session)), make_user(session))
    session.commit()
    assert "Outside the boundaries, ever 0 Counted in the database as you opened this page" in words(client.get(PAGE))

    session.execute(text("ALTER TABLE booking DROP CONSTRAINT business_hours_only"))
    session.execute(update(Booking).where(Booking.id == booking.id).values(envelope_opens=11 * 60))
    session.commit()

    page = words(client.get(PAGE))
    assert "Outside the boundaries, ever 1 A session lies outside the days and hours" in page
