"""How much mentoring weighs on a mentor's weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.boundaries import Envelope
from booking.domain.load import WEEKS, Concern, LoadWeek, Seat, Warned, load_of, warnings
from booking.domain.recurrence import DaysOff
from booking.domain.schedule import Schedule

MONDAY = date(2026, 11, 30)
NINE_TO_FIVE = dict.fromkeys(range(1, 6), ((540, 1020),))
HOUR = timedelta(hours=1)


def schedule(**given):
    return Schedule(ZoneInfo("Europe/Amsterdam"), NINE_TO_FIVE, **given)


def seat(day: int, at: str, minutes: int = 60) -> Seat:
    """On the day so many after that Monday."""
    hour, minute = at.split(":")
    start = datetime(2026, 11, 30, int(hour), int(minute))  # noqa: DTZ001  wall clock
    return Seat(start + timedelta(days=day), timedelta(minutes=minutes))


def weeks(*numbers: int, limit_worked: int = 2400, **given: int) -> list[LoadWeek]:
    """With so many sessions of an hour."""
    return [
        LoadWeek(
            MONDAY + timedelta(weeks=at),
            number,
            60 * number,
            limit_worked,
            given.get("late", 0),
            given.get("unbroken", 0),
        )
        for at, number in enumerate(numbers)
    ]


def test_each_session_counts_in_the_week_of_its_day():
    found = load_of(schedule(), [seat(0, "9:00"), seat(6, "9:00", 30), seat(7, "9:00"), seat(9 * 7, "9:00")], MONDAY)

    assert [week.monday for week in found] == [MONDAY + timedelta(weeks=number) for number in range(WEEKS)]
    assert [(week.sessions, week.minutes) for week in found[:3]] == [(2, 90), (1, 60), (0, 0)]


def test_the_share_is_of_what_is_really_worked_that_week():
    off = schedule(
        overrides={date(2026, 12, 1): ((540, 660),)},
        time_off=[(datetime(2026, 12, 2, 12), datetime(2026, 12, 3))],  # noqa: DTZ001  wall clock
        days_off=DaysOff(frozenset({5}), frozenset({date(2026, 12, 3)})),
    )

    first, second = load_of(off, [seat(0, "9:00", 65)], MONDAY, 2)

    assert first.worked == 60 * (8 + 2 + 3)
    assert first.percent == 8
    assert second.worked == 60 * 8 * 4


def test_a_week_without_hours_and_sessions_is_off_and_one_with_sessions_is_not():
    nothing = schedule(time_off=[(datetime(2026, 11, 30), datetime(2026, 12, 14))])  # noqa: DTZ001  wall clock

    first, second, third = load_of(nothing, [seat(8, "9:00")], MONDAY, 3)

    assert (first.is_off, first.percent) == (True, 0)
    assert (second.is_off, second.percent) == (False, 100)
    assert not third.is_off


@pytest.mark.parametrize(
    ("at", "late"), [pytest.param("16:59", 0, id="before"), pytest.param("17:00", 1, id="at the last hour")]
)
def test_late_is_what_begins_in_the_last_hour_of_the_sites_day(at, late):
    assert load_of(schedule(), [seat(0, at)], MONDAY, 1)[0].late == late
    assert load_of(schedule(envelope=Envelope(closes=960)), [seat(0, "15:00")], MONDAY, 1)[0].late == 1


@pytest.mark.parametrize(
    ("starts", "unbroken"),
    [
        pytest.param(["9:00", "10:15", "11:30", "12:45"], 1, id="four hours with gaps of a quarter"),
        pytest.param(["9:00", "10:15", "11:45", "13:00"], 0, id="half an hour in the middle"),
        pytest.param(["9:00", "10:00", "11:00"], 0, id="three hours"),
        pytest.param(["9:00", "10:00", "11:00", "12:00"], 1, id="four in a row"),
        pytest.param([], 0, id="none"),
    ],
)
def test_a_day_without_a_break_is_four_hours_without_half_an_hour_free(starts, unbroken):
    assert load_of(schedule(), [seat(2, at) for at in starts], MONDAY, 1)[0].unbroken == unbroken


def test_of_what_is_light_nothing_is_said():
    light = [*weeks(2, 0, 3), LoadWeek(MONDAY + timedelta(weeks=3), 0, 0, 0, 0, 0)]

    assert warnings(light, 20) == []
    assert warnings(weeks(0, 0), 1) == []


def test_each_concern_names_its_weeks():
    second = MONDAY + timedelta(weeks=1)

    assert warnings(weeks(2, 20), 20) == [
        Warned(Concern.FULL, (second,)),
        Warned(Concern.HEAVY, (second,)),
        Warned(Concern.NO_WEEK_OFF, (second,)),
    ]
    assert Warned(Concern.LATE, (MONDAY,)) in warnings(weeks(3, late=3), 20)
    assert Warned(Concern.LATE, (MONDAY,)) not in warnings(weeks(3, late=2), 20)
    assert Warned(Concern.UNBROKEN, (MONDAY,)) in warnings(weeks(4, unbroken=1), 20)


SEATS = st.builds(
    lambda minute, length: Seat(
        datetime(2026, 11, 30) + timedelta(minutes=15 * minute),  # noqa: DTZ001  wall clock
        timedelta(minutes=15 * length),
    ),
    st.integers(0, WEEKS * 7 * 96 - 1),
    st.integers(1, 8),
)


@settings(max_examples=80, deadline=None, database=None)
@given(st.lists(SEATS, max_size=40))
def test_whatever_is_booked_every_session_is_in_one_week_and_every_share_is_a_percentage(seats):
    found = load_of(schedule(), seats, MONDAY)

    assert sum(week.sessions for week in found) == len(seats)
    assert sum(week.minutes for week in found) == sum(each.length // timedelta(minutes=1) for each in seats)
    assert all(0 <= week.percent <= 100 for week in found)
    assert all(week.late <= week.sessions and week.unbroken <= min(7, week.sessions) for week in found)
