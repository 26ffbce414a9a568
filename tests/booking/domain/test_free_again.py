from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, seed, settings

from booking.domain.boundaries import LONGEST_HORIZON, Boundaries
from booking.domain.caps import Taken
from booking.domain.free_again import UNKNOWN, FreeAgain, free_again
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from booking.domain.slots import bookable
from tests.booking.domain.questions import questions

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def working(**given):
    return Schedule(AMSTERDAM, dict.fromkeys(range(1, 6), ((540, 1020),)), **given)


def off(first, last):
    """Time off from the beginning of one day to that of another."""
    return [(datetime.fromisoformat(first), datetime.fromisoformat(last))]


def again(schedule, *, now=NOW, sessions=(), busy=(), not_before=None):
    return free_again(
        schedule, minutes=60, now=now, sessions=sessions, mentor_busy=busy, mentee_busy=(), not_before=not_before
    )


@pytest.mark.parametrize(
    ("schedule", "found"),
    [
        pytest.param(working(), FreeAgain(date(2026, 12, 2)), id="after the notice"),
        pytest.param(
            working(time_off=off("2026-12-01", "2027-01-09")), FreeAgain(date(2027, 1, 11)), id="the first working day"
        ),
        pytest.param(
            working(time_off=off("2026-12-01", "2027-03-14")),
            FreeAgain(date(2027, 3, 15), opens_on=date(2027, 1, 14)),
            id="beyond the horizon: not before the calendar is open as far",
        ),
        pytest.param(
            working(time_off=off("2026-12-01", "2029-01-01")),
            FreeAgain(after=date(2028, 1, 5)),
            id="as far as anybody can see",
        ),
        pytest.param(Schedule(AMSTERDAM, {}), UNKNOWN, id="without hours nobody knows"),
    ],
)
def test_the_first_bookable_day_after_what_stops_them(schedule, found):
    assert again(schedule) == found


def test_a_full_week_is_over_on_its_sunday():
    sessions = [Taken(NOW + timedelta(days=1, hours=1), NOW + timedelta(days=1, hours=2))]

    found = again(working(boundaries=Boundaries(sessions_a_week=1)), sessions=sessions)

    assert found == FreeAgain(date(2026, 12, 7))


@pytest.mark.parametrize(
    ("told", "found"),
    [
        pytest.param(date(2027, 1, 11), FreeAgain(date(2027, 1, 11)), id="on the day that they have told"),
        pytest.param(date(2027, 1, 9), FreeAgain(date(2027, 1, 11)), id="which may be a Saturday"),
        pytest.param(date(2028, 6, 1), FreeAgain(after=date(2028, 6, 1)), id="too far away to know the day"),
    ],
)
def test_who_is_on_a_break_is_not_free_before_the_day_that_they_have_told(told, found):
    assert again(working(), not_before=told) == found


def test_without_hours_the_day_that_they_have_told_is_all_that_is_known():
    assert again(Schedule(AMSTERDAM, {}), not_before=date(2027, 1, 11)) == FreeAgain(after=date(2027, 1, 11))


def test_it_is_the_first_day_that_bookable_lists_once_the_calendar_is_open_as_far():
    seen = {"found": 0}

    @seed(21)
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(questions(longest_window=1440))
    def agree(question):
        found = free_again(question.schedule, **question.facts)
        limits = replace(question.schedule.boundaries, horizon=LONGEST_HORIZON)
        listed = bookable(
            replace(question.schedule, boundaries=limits),
            window=Interval(question.now, question.now + timedelta(days=30)),
            **question.facts,
        )
        if listed:
            assert found.on == listed[0].day
            seen["found"] += 1
        else:
            assert found.on is None or found.on >= (question.now + timedelta(days=28)).date()

    agree()
    assert seen["found"] >= 20
