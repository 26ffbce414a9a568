"""Closing the rest of a week is time off that can be taken back by itself."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from booking.models.days import TimeOff
from booking.services import hours
from booking.services.closing_weeks import WeekIsOpen, close_week, open_week
from booking.services.hours import HoursLocked
from marketplace.core.db import violated
from tests.booking.bookings import make_booking
from tests.booking.services.test_hours import away, columns, december
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

MONDAY = date(2026, 11, 30)
HOUR = timedelta(hours=1)
NEXT_MONDAY = december(7)


def close(session, mentor, *, told=(), now=TUESDAY):
    return close_week(session, mentor.id, told=told, now=now)


def spans(session):
    rows = session.scalars(select(TimeOff).order_by(TimeOff.id))
    return sorted((row.span.lower, row.span.upper) for row in rows)


def test_from_this_minute_to_the_end_of_sunday_nobody_can_book(session, grace):
    close(session, grace, now=TUESDAY + timedelta(minutes=7, seconds=40))

    assert spans(session) == [(datetime(2026, 12, 1, 9, 7), NEXT_MONDAY)]  # noqa: DTZ001  wall clock


def test_late_on_sunday_it_is_the_week_of_the_mentors_own_clock(session):
    mentor = make_mentor(session, zone="Pacific/Auckland")

    close(session, mentor, now=datetime.fromisoformat("2026-12-06T12:00Z"))  # Monday there

    assert spans(session) == [(december(7, 1), december(14))]


def test_opening_it_again_leaves_other_time_off_as_it_was(session, grace):
    away(session, grace, december(3), december(4))
    away(session, grace, december(6, 12), december(9))
    before = spans(session)

    close(session, grace)
    assert spans(session) == [
        (december(1, 9), december(3)),
        (december(3), december(4)),
        (december(4), december(6, 12)),
        (december(6, 12), december(9)),
    ]
    open_week(session, grace.id, MONDAY)

    assert spans(session) == before


def test_time_off_before_and_after_the_week_does_not_keep_it_open(session, grace):
    away(session, grace, december(1, 8), december(1, 9), now=TUESDAY - HOUR)
    away(session, grace, december(24), december(31))

    close(session, grace)

    assert (december(1, 9), NEXT_MONDAY) in spans(session)


def test_time_off_that_begins_when_the_week_ends_does_not_swallow_it(session, grace):
    close(session, grace)

    away(session, grace, NEXT_MONDAY, december(12))
    open_week(session, grace.id, MONDAY)

    assert spans(session) == [(NEXT_MONDAY, december(12))]


def test_time_off_that_overlaps_takes_it_in(session, grace):
    close(session, grace)

    away(session, grace, december(5), december(12))

    assert spans(session) == [(december(1, 9), december(12))]
    with pytest.raises(WeekIsOpen):
        open_week(session, grace.id, MONDAY)


def test_a_second_press_changes_nothing(session, grace):
    close(session, grace)
    before = spans(session)

    close(session, grace, now=TUESDAY + HOUR)

    assert spans(session) == before


def test_a_session_of_the_week_is_told_before_and_stays_untouched(session, grace):
    booking = make_booking(session, make_offering(session, grace), make_user(session), TUESDAY + 26 * HOUR)
    before = columns(booking)

    assert close(session, grace) == [booking]
    assert spans(session) == []
    assert close(session, grace, told={booking.public_id}) == []
    session.refresh(booking)
    assert columns(booking) == before


def test_who_is_suspended_closes_nothing(session):
    suspended = make_mentor(session, status="suspended")

    with pytest.raises(HoursLocked):
        close(session, suspended)
    with pytest.raises(HoursLocked):
        open_week(session, suspended.id, MONDAY)


def test_nobody_opens_the_week_of_another(session, grace):
    edsger = make_mentor(session, "Edsger Example", slug="edsger-example")
    close(session, edsger)

    with pytest.raises(WeekIsOpen):
        open_week(session, grace.id, MONDAY)

    assert len(spans(session)) == 1


@pytest.mark.parametrize(
    ("monday", "span"),
    [
        pytest.param(date(2026, 12, 1), (december(2), december(3)), id="not a Monday"),
        pytest.param(MONDAY, (december(2), december(8)), id="beyond Sunday"),
        pytest.param(date(2026, 12, 7), (december(2), december(8)), id="before Monday"),
    ],
)
def test_the_database_keeps_a_closed_week_within_itself(session, grace, monday, span):
    row = {"mentor_id": grace.id, "closes_week": monday, "span": Range(*span)}

    with pytest.raises(IntegrityError) as refused:
        session.execute(insert(TimeOff).values(row))

    assert violated(refused.value) == "a_week_is_closed_from_its_monday"


def test_what_closes_a_week_is_forgotten_with_other_time_off_that_is_past(session, grace):
    close(session, grace)

    hours.add_time_off(session, grace.id, december(20), december(21), told=(), now=TUESDAY + timedelta(days=14))

    assert spans(session) == [(december(20), december(21))]
