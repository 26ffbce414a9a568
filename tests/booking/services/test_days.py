"""Protecting days: under the mentor's lock, told before it is done, and never a change to a session."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import DaysOff
from booking.domain.refusals import Rule
from booking.models.days import ProtectedDay
from booking.queries.bookings import diaries, schedules_of, usual_weeks_of
from booking.queries.days import protected_days
from booking.services import days, hours
from booking.services.hours import HoursChanged, HoursLocked, TooMuchWritten
from booking.services.notify import reach_mentor_at
from marketplace.core.db import violated
from marketplace.core.errors import NotFound
from tests.booking.bookings import TEN, make_booking
from tests.booking.services.test_hours import NINE_TO_FIVE, columns, set_week
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.queries import count_queries

THE_EIGHTH = date(2026, 12, 8)
CHRISTMAS = date(2026, 12, 25)
HOUR = timedelta(hours=1)


def protect(session, mentor, *, weekdays=(), dates=(), instead_of=(), told=(), now=TUESDAY):
    given = {"weekdays": weekdays, "dates": dates, "instead_of": instead_of, "told": told, "now": now}
    return days.protect(session, mentor.id, **given)


def why_not(session, mentor, start):
    around = Interval(start, start + HOUR)
    found = diaries(session, [mentor.id], mentee_id=None, around=around, envelope=Envelope())[mentor.id]
    refusal = found.why_not(start, minutes=60, now=TUESDAY)
    return refusal and refusal.rule


def test_a_protected_weekday_cannot_be_booked_in_any_week(session, grace):
    protect(session, grace, weekdays={2})

    assert [why_not(session, grace, TEN + timedelta(weeks=number)) for number in range(3)] == [Rule.OUTSIDE_HOURS] * 3
    assert why_not(session, grace, TEN + timedelta(days=1)) is None


def test_dates_join_those_that_are_protected_already(session, grace):
    protect(session, grace, dates=[CHRISTMAS])

    protect(session, grace, dates=[THE_EIGHTH, CHRISTMAS])

    assert protected_days(session, grace.id) == DaysOff(dates=frozenset({THE_EIGHTH, CHRISTMAS}))


def test_no_later_edit_of_hours_opens_a_protected_day(session, grace):
    protect(session, grace, weekdays={2}, dates=[CHRISTMAS])

    set_week(session, grace, dict.fromkeys(range(1, 8), ((0, 1440),)), instead_of=NINE_TO_FIVE)
    hours.set_dates(session, grace.id, [THE_EIGHTH, CHRISTMAS], ((540, 1020),), told=(), now=TUESDAY)

    assert protected_days(session, grace.id) == DaysOff(frozenset({2}), frozenset({CHRISTMAS}))
    assert why_not(session, grace, TEN) is Rule.OUTSIDE_HOURS
    assert 2 not in usual_weeks_of(session, [grace.id])[grace.id]


def test_a_session_on_that_day_is_told_before_and_stays_untouched(session, grace):
    booking = make_booking(session, make_offering(session, grace), make_user(session), TEN)
    before = columns(booking)

    untold = protect(session, grace, weekdays={2})

    assert untold == [booking]
    assert protected_days(session, grace.id) == DaysOff()
    assert protect(session, grace, weekdays={2}, told={booking.public_id}) == []
    session.refresh(booking)
    assert columns(booking) == before


def test_who_saves_over_weekdays_that_another_tab_has_changed_is_told(session, grace):
    protect(session, grace, weekdays={3})

    with pytest.raises(HoursChanged):
        protect(session, grace, weekdays={5})

    assert protected_days(session, grace.id).weekdays == {3}


def test_weekdays_can_be_given_up_and_dates_one_span_at_a_time(session, grace):
    boxing_day = CHRISTMAS + timedelta(days=1)
    protect(session, grace, weekdays={3}, dates=[THE_EIGHTH, CHRISTMAS, boxing_day])

    protect(session, grace, instead_of={3})
    gone = days.give_up(session, grace.id, CHRISTMAS, boxing_day)

    assert gone == 2
    assert protected_days(session, grace.id) == DaysOff(dates=frozenset({THE_EIGHTH}))
    with pytest.raises(NotFound):
        days.give_up(session, grace.id, CHRISTMAS, boxing_day)


def test_dates_that_are_past_are_forgotten_with_the_next_change(session, grace):
    protect(session, grace, dates=[THE_EIGHTH])

    protect(session, grace, dates=[CHRISTMAS], now=TUESDAY + timedelta(days=14))

    assert protected_days(session, grace.id).dates == {CHRISTMAS}


def test_there_is_an_end_to_how_many_dates_are_protected(session, grace):
    many = [THE_EIGHTH + timedelta(days=number) for number in range(hours.MOST_DATES)]
    protect(session, grace, dates=many)

    with pytest.raises(TooMuchWritten):
        protect(session, grace, dates=[many[-1] + timedelta(days=1)])


def test_who_is_suspended_changes_nothing(session):
    suspended = make_mentor(session, status="suspended")

    with pytest.raises(HoursLocked):
        protect(session, suspended, weekdays={2})
    with pytest.raises(HoursLocked):
        days.give_up(session, suspended.id, CHRISTMAS, CHRISTMAS)


def test_nobody_is_written_to_on_a_protected_day(session, grace):
    protect(session, grace, dates=[TUESDAY.date()])

    at_noon = TUESDAY.replace(hour=11)

    assert reach_mentor_at(session, grace.id, about=None, now=at_noon).date() == TUESDAY.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "constraint"),
    [
        pytest.param([{}], "protects_a_weekday_or_a_date", id="nothing"),
        pytest.param([{"weekday": 2, "day": CHRISTMAS}], "protects_a_weekday_or_a_date", id="both"),
        pytest.param([{"weekday": 8}], "protected_weekday_is_iso", id="an eighth day"),
        pytest.param([{"weekday": 2}, {"weekday": 2}], "a_weekday_is_protected_once", id="a weekday twice"),
        pytest.param([{"day": CHRISTMAS}, {"day": CHRISTMAS}], "a_date_is_protected_once", id="a date twice"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(session, grace, rows, constraint):
    given = [{"mentor_id": grace.id, "weekday": None, "day": None, **row} for row in rows]

    with pytest.raises(IntegrityError) as refused:
        session.execute(insert(ProtectedDay).values(given))

    assert violated(refused.value) == constraint


def test_many_mentors_cost_no_more_queries_than_one(session, grace):
    others = [make_mentor(session, f"Edsger {number}", slug=f"edsger-{number}") for number in range(3)]
    protect(session, grace, weekdays={2})

    with count_queries() as one:
        schedules_of(session, [grace.id], Envelope())
    with count_queries() as four:
        schedules_of(session, [grace.id, *(each.id for each in others)], Envelope())

    assert len(four) == len(one)
