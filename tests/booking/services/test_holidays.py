"""Keeping public holidays: days off unless they are worked, further ahead than anybody can book."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from booking.domain.boundaries import LONGEST_HORIZON, Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import DaysOff
from booking.models.days import Holiday, HolidayChoice
from booking.queries.bookings import bookable_slots, schedule_of
from booking.queries.days import days_off_of, holidays_of
from booking.services import days
from booking.services.holidays import REACH, UnknownCountry, extend, keep_holidays, to_extend
from booking.services.hours import HoursLocked
from marketplace.core.db import violated
from tests.booking.bookings import TEN, make_booking
from tests.booking.services.test_hours import columns
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

CHRISTMAS, BOXING_DAY, NEW_YEAR = date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)
IMMACULATE_CONCEPTION = date(2026, 12, 8)


def keep(session, mentor, country="NL", region="", *, worked=(), told=(), now=TUESDAY):
    return keep_holidays(session, mentor.id, country, region, worked=worked, told=told, now=now)


def off(session, mentor):
    return schedule_of(session, mentor.id, Envelope()).days_off


def days_with_times(session, mentor, first, last):
    span = Interval(datetime.fromisoformat(f"{first}T00:00+01:00"), datetime.fromisoformat(f"{last}T23:59+01:00"))
    found = bookable_slots(session, mentor_id=mentor.id, minutes=60, window=span, now=TUESDAY, envelope=Envelope())
    return {slot.day for slot in found}


def test_each_holiday_is_off_as_soon_as_the_country_is_chosen(session, grace):
    keep(session, grace)

    assert {CHRISTMAS, BOXING_DAY, NEW_YEAR} <= off(session, grace).dates
    days_of_week = days_with_times(session, grace, "2026-12-21", "2027-01-03")
    assert CHRISTMAS not in days_of_week
    assert NEW_YEAR not in days_of_week
    assert date(2026, 12, 24) in days_of_week


def test_a_day_that_is_worked_can_be_booked(session, grace):
    keep(session, grace, worked=[CHRISTMAS])

    assert CHRISTMAS in days_with_times(session, grace, "2026-12-21", "2027-01-03")
    assert NEW_YEAR in off(session, grace).dates


def test_a_worked_holiday_that_is_protected_stays_off(session, grace):
    keep(session, grace, worked=[CHRISTMAS])

    days.protect(session, grace.id, weekdays=(), dates=[CHRISTMAS], instead_of=(), told=(), now=TUESDAY)

    assert CHRISTMAS in off(session, grace).dates


def test_they_are_written_down_further_ahead_than_anybody_can_book(session, grace):
    keep(session, grace)

    choice = session.get_one(HolidayChoice, grace.id)
    assert choice.known_until == TUESDAY.date() + REACH
    assert date(2027, 12, 25) in off(session, grace).dates
    assert choice.known_until > TUESDAY.date() + LONGEST_HORIZON


def test_another_country_takes_the_place_of_the_first_and_none_opens_all(session, grace):
    keep(session, grace, "DE", "BE", worked=[CHRISTMAS])

    keep(session, grace, "NL")
    assert holidays_of(session, grace.id).country == "NL"
    assert CHRISTMAS in off(session, grace).dates
    assert date(2027, 3, 8) not in off(session, grace).dates

    keep(session, grace, "")
    assert off(session, grace) == DaysOff()
    assert session.scalars(select(Holiday)).all() == []


def test_a_session_on_a_holiday_is_told_before_and_stays_untouched(session, grace):
    booking = make_booking(session, make_offering(session, grace), make_user(session), TEN)
    before = columns(booking)

    assert keep(session, grace, "ES") == [booking]
    assert off(session, grace) == DaysOff()
    assert keep(session, grace, "ES", told={booking.public_id}) == []
    assert IMMACULATE_CONCEPTION in off(session, grace).dates
    session.refresh(booking)
    assert columns(booking) == before
    assert keep(session, grace, "ES", worked=[IMMACULATE_CONCEPTION]) == []


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("NL", "BE")])
def test_what_nobody_knows_is_refused_and_changes_nothing(session, grace, country, region):
    keep(session, grace)

    with pytest.raises(UnknownCountry):
        keep(session, grace, country, region)

    assert holidays_of(session, grace.id).country == "NL"


def test_who_is_suspended_changes_nothing(session):
    suspended = make_mentor(session, status="suspended")

    with pytest.raises(HoursLocked):
        keep(session, suspended)


def test_each_month_the_days_that_have_come_in_reach_are_added_and_past_ones_forgotten(session, grace):
    keep(session, grace, worked=[NEW_YEAR])
    assert to_extend(session, TUESDAY) == []
    in_a_month = TUESDAY + timedelta(days=29)

    assert to_extend(session, in_a_month) == [grace.id]
    extend(session, grace.id, in_a_month)

    kept = holidays_of(session, grace.id)
    assert kept.days[NEW_YEAR]
    assert CHRISTMAS not in kept.days
    assert session.get_one(HolidayChoice, grace.id).known_until == in_a_month.date() + REACH
    assert to_extend(session, in_a_month) == []


def test_over_years_no_holiday_is_ever_nearer_than_the_furthest_booking_and_not_written_down(session, grace):
    keep(session, grace)

    for number in range(1, 40):
        now = TUESDAY + timedelta(days=28 * number)
        for mentor_id in to_extend(session, now):
            extend(session, mentor_id, now)
        until = session.get_one(HolidayChoice, grace.id).known_until
        assert until > now.date() + LONGEST_HORIZON
        assert date(now.year + 1, 1, 1) in off(session, grace).dates


def test_another_edition_of_the_package_is_taken_over_and_what_is_worked_stays_so(session, grace):
    keep(session, grace, worked=[CHRISTMAS])
    session.execute(update(HolidayChoice).values(edition="0.1"))
    session.execute(insert(Holiday).values(mentor_id=grace.id, day=date(2027, 2, 3)))
    session.execute(update(Holiday).where(Holiday.day == NEW_YEAR).values(day=date(2027, 1, 4)))

    assert to_extend(session, TUESDAY) == [grace.id]
    extend(session, grace.id, TUESDAY)

    kept = holidays_of(session, grace.id)
    assert date(2027, 2, 3) not in kept.days
    assert date(2027, 1, 4) not in kept.days
    assert kept.days[NEW_YEAR] is False
    assert kept.days[CHRISTMAS] is True


def test_of_many_mentors_each_has_their_own(session, grace):
    edsger = make_mentor(session, "Edsger Example", slug="edsger-example")
    keep(session, grace, "NL")
    keep(session, edsger, "DE", "BE")

    found = days_off_of(session, [grace.id, edsger.id])

    assert date(2027, 4, 27) in found[grace.id].dates - found[edsger.id].dates  # King's Day
    assert date(2027, 3, 8) in found[edsger.id].dates - found[grace.id].dates


def test_the_database_refuses_what_is_no_code(session, grace):
    given = {"mentor_id": grace.id, "country": "Spain", "known_until": CHRISTMAS, "edition": "1"}

    with pytest.raises(IntegrityError) as refused:
        session.execute(insert(HolidayChoice).values(given))

    assert violated(refused.value) == "holiday_country_is_a_code"
