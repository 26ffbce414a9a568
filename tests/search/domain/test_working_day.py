"""The reader's working day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.search.domain.working_day import USUAL, Hours, WorkingDay, remembered, week_in_utc

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "held"),
    [
        pytest.param("2026-12-08T09:00+01:00", True, id="from its first minute"),
        pytest.param("2026-12-08T08:45+01:00", False, id="begins before"),
        pytest.param("2026-12-08T16:00+01:00", True, id="to its last minute"),
        pytest.param("2026-12-08T16:15+01:00", False, id="ends after"),
        pytest.param("2026-12-05T10:00+01:00", False, id="a Saturday"),
        pytest.param("2026-12-08T14:00+00:00", True, id="in another zone's words"),
    ],
)
def test_it_holds_sessions_that_lie_in_it_as_a_whole(start, held):
    at = datetime.fromisoformat(start)

    assert WorkingDay(STOCKHOLM).holds(at, at + HOUR) == held


@pytest.mark.parametrize(("opens", "closes"), [(540, 540), (600, 540), (-1, 60), (0, 1441)])
def test_it_begins_before_it_ends(opens, closes):
    with pytest.raises(ValueError, match="working day"):
        Hours(opens, closes)


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({0}), frozenset({5, 8})])
def test_it_has_days_that_there_are(weekdays):
    with pytest.raises(ValueError, match="working week"):
        Hours(weekdays=weekdays)


def test_its_days_are_those_that_were_told():
    day = WorkingDay(STOCKHOLM, Hours(weekdays=frozenset({6})))
    saturday = datetime(2026, 12, 5, 9, tzinfo=UTC)

    assert day.holds(saturday, saturday + HOUR)
    assert not day.holds(saturday - timedelta(days=1), saturday - timedelta(days=1) + HOUR)


def test_between_two_days_it_has_its_hours_on_each_of_its_days():
    found = WorkingDay(STOCKHOLM, Hours(8 * 60, 16 * 60)).between(datetime(2026, 10, 23, 20, tzinfo=UTC), days=4)

    assert [f"{span.start:%d. %H:%M}–{span.end:%H:%M}" for span in found] == [
        "23. 06:00–14:00",
        "26. 07:00–15:00",
        "27. 07:00–15:00",
    ]


@pytest.mark.parametrize("hours", [USUAL, Hours(0, 1440, frozenset(range(1, 8))), Hours(480, 720, frozenset({7}))])
def test_what_is_remembered_is_what_was_told(hours):
    assert remembered(hours.to_remember()) == hours


@pytest.mark.parametrize("text", ["", "540-1020", "1020-540-1", "0-1441-1", "540-1020-8", "٥-٦-1", "540-1020-12345\n"])
def test_what_nobody_has_written_is_the_usual(text):
    assert remembered(text) == USUAL


@pytest.mark.parametrize(
    ("zone", "now", "monday"),
    [
        pytest.param("Europe/Stockholm", "2026-12-01", (480, 960), id="an hour before UTC"),
        pytest.param("Europe/Stockholm", "2026-06-01", (420, 900), id="two in summer"),
        pytest.param("America/New_York", "2026-12-01", (840, 1320), id="later on the same day"),
    ],
)
def test_a_week_is_told_in_minutes_of_the_week_in_utc(zone, now, monday):
    day = WorkingDay(ZoneInfo(zone))

    week = week_in_utc(day.weekly, day.zone, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert week == tuple((monday[0] + 1440 * each, monday[1] + 1440 * each) for each in range(5))


def test_a_week_wraps_around_its_end():
    auckland = WorkingDay(ZoneInfo("Pacific/Auckland"))

    week = week_in_utc(auckland.weekly, auckland.zone, datetime(2026, 6, 1, tzinfo=UTC))

    assert week[0] == (0, 300)  # Monday 12:00 to 17:00 there
    assert week[-1] == (6 * 1440 + 1260, 7 * 1440)  # Monday 9:00 to 12:00 there is still Sunday
    assert sum(end - start for start, end in week) == 5 * 480
