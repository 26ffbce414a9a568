"""The reader's working day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.search.domain.working_day import WorkingDay, week_in_utc

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
        WorkingDay(STOCKHOLM, opens, closes)


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
