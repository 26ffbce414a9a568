"""Days off close whatever is written down for them, for slots, for quiet time and for what an edit leaves outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.affected import newly_outside
from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import DaysOff
from booking.domain.schedule import Schedule
from booking.domain.slots import bookable
from tests.booking.domain.questions import DAYS, schedules

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NINE_TO_FIVE = dict.fromkeys(range(1, 8), ((540, 1020),))
WEDNESDAY, THURSDAY = date(2026, 12, 9), date(2026, 12, 10)
WEDNESDAYS = DaysOff(frozenset({3}))


def schedule(**given):
    return Schedule(AMSTERDAM, NINE_TO_FIVE, envelope=Envelope(frozenset(range(1, 8)), 0, 1440), **given)


def days_with_slots(found: Schedule) -> set[date]:
    monday = datetime(2026, 12, 7, tzinfo=UTC)
    week = Interval(monday, monday + timedelta(days=7))
    now = monday - timedelta(days=7)
    return {slot.day for slot in bookable(found, minutes=60, window=week, now=now, sessions=(), mentor_busy=())}


def test_a_protected_weekday_has_no_times_in_any_week():
    found = days_with_slots(schedule(days_off=WEDNESDAYS))

    assert len(found) == 6
    assert WEDNESDAY not in found


def test_hours_written_for_the_date_itself_do_not_open_it():
    written = schedule(overrides={WEDNESDAY: ((0, 1440),)}, days_off=WEDNESDAYS)

    assert WEDNESDAY not in days_with_slots(written)


def test_a_protected_date_is_that_date_alone():
    found = days_with_slots(schedule(days_off=DaysOff(dates=frozenset({THURSDAY}))))

    assert THURSDAY not in found
    assert len(found) == 6


def test_the_usual_week_leaves_out_protected_weekdays_and_no_dates():
    found = schedule(days_off=DaysOff(frozenset({3}), frozenset({THURSDAY})))

    assert sorted(found.usual_week) == [1, 2, 4, 5, 6, 7]


def test_protecting_a_day_leaves_its_sessions_outside_and_no_others():
    on_wednesday, on_thursday = (
        Interval(datetime.combine(day, time(10), UTC), datetime.combine(day, time(11), UTC))
        for day in (WEDNESDAY, THURSDAY)
    )

    found = newly_outside(schedule(), schedule(days_off=WEDNESDAYS), [on_wednesday, on_thursday])

    assert found == {on_wednesday}


def test_a_weekday_that_is_none_is_refused():
    with pytest.raises(ValueError, match="Weekdays run"):
        DaysOff(frozenset({8}))


@settings(max_examples=60, deadline=None, database=None)
@given(st.data())
def test_whatever_else_is_written_no_time_and_no_working_minute_lies_on_a_day_off(data):
    key, day = data.draw(st.sampled_from(DAYS))
    found = data.draw(schedules(ZoneInfo(key), day))
    start = datetime.combine(day, time(), UTC) - timedelta(days=1)
    window = Interval(start, start + timedelta(days=4))
    now = start - found.boundaries.notice

    slots = bookable(found, minutes=30, window=window, now=now, sessions=(), mentor_busy=())
    working = found.working(day - timedelta(days=2), day + timedelta(days=4))

    assert not [each for each in slots if each.day in found.days_off]
    assert not [each for each, _ in working if each in found.days_off]
