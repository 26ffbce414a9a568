"""Which sessions an edit would leave outside."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.affected import newly_outside, newly_over_caps, outside
from booking.domain.boundaries import Boundaries
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from booking.domain.zones import Zones

UTRECHT = ZoneInfo("Europe/Amsterdam")
NINE_TO_FIVE = Schedule(UTRECHT, dict.fromkeys(range(1, 6), ((540, 1020),)))
TUESDAY = date(2026, 12, 8)
HOUR = timedelta(hours=1)


def session(clock, day=TUESDAY, length=HOUR):
    start = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), UTRECHT)  # noqa: DTZ007  given below
    return Interval(start, start.astimezone(UTC) + length)


MORNING, NOON, LAST = session("09:00"), session("12:00"), session("16:00")
SESSIONS = [MORNING, NOON, LAST]


@pytest.mark.parametrize(
    ("change", "affected"),
    [
        pytest.param({"weekly": {2: ((540, 1020),)}}, [], id="the day stays"),
        pytest.param({"weekly": {}}, SESSIONS, id="no hours at all"),
        pytest.param({"weekly": {2: ((600, 1020),)}}, [MORNING], id="later"),
        pytest.param({"weekly": {2: ((540, 720), (780, 1020))}}, [NOON], id="a pause"),
        pytest.param({"weekly": {2: ((540, 1019),)}}, [LAST], id="a minute less"),
        pytest.param({"weekly": {2: ((540, 750), (750, 1020))}}, [], id="touching hours are one"),
        pytest.param({"overrides": {TUESDAY: ()}}, SESSIONS, id="the date closed"),
        pytest.param({"overrides": {TUESDAY + timedelta(days=1): ()}}, [], id="another date closed"),
        pytest.param(
            {"time_off": ((datetime(2026, 12, 8, 12, 30), datetime(2026, 12, 9)),)},  # noqa: DTZ001  wall clock
            [NOON, LAST],
            id="time off",
        ),
    ],
)
def test_what_lies_outside_afterwards_is_affected(change, affected):
    assert newly_outside(NINE_TO_FIVE, replace(NINE_TO_FIVE, **change), SESSIONS) == set(affected)


def test_what_lay_outside_before_is_not_affected_again():
    before, evening = replace(NINE_TO_FIVE, weekly={2: ((540, 720),)}), session("19:00")

    assert newly_outside(before, replace(before, weekly={}), [MORNING, evening]) == {MORNING}


def test_hours_are_the_mentors_also_when_the_clock_changes():
    """In Amsterdam 02:00 to 03:00 does not exist on 28 March 2027, and comes twice on 31 October."""
    all_night = replace(NINE_TO_FIVE, weekly={7: ((0, 300),)})
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)

    assert outside(all_night, [session("01:00", spring, 2 * HOUR), session("01:00", autumn, 5 * HOUR)]) == set()
    assert len(outside(all_night, [session("03:30", spring, 2 * HOUR)])) == 1


def test_no_sessions_no_harm():
    assert newly_outside(NINE_TO_FIVE, replace(NINE_TO_FIVE, weekly={}), []) == set()


@pytest.mark.parametrize(
    ("limits", "affected"),
    [
        pytest.param({"sessions_a_day": 3}, [], id="exactly as many"),
        pytest.param({"sessions_a_day": 2}, SESSIONS, id="a day too full"),
        pytest.param({"minutes_a_day": 179}, SESSIONS, id="a day too long"),
        pytest.param({"minutes_a_day": 180}, [], id="exactly as long"),
        pytest.param({"sessions_a_week": 3}, [*SESSIONS, session("09:00", TUESDAY + timedelta(days=1))], id="a week"),
    ],
)
def test_days_and_weeks_over_a_new_cap_are_found(limits, affected):
    sessions = [*SESSIONS, session("09:00", TUESDAY + timedelta(days=1)), session("09:00", TUESDAY + timedelta(days=7))]

    assert newly_over_caps(Boundaries(), Boundaries(**limits), sessions, Zones(UTRECHT)) == set(affected)


def test_what_was_over_the_cap_before_is_not_found_again():
    two, one = Boundaries(sessions_a_day=2), Boundaries(sessions_a_day=1)

    assert newly_over_caps(two, one, SESSIONS, Zones(UTRECHT)) == set()
