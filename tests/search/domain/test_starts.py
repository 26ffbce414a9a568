"""Free times as minutes since 1970."""

from datetime import UTC, date, datetime, timedelta

from booking.domain.intervals import Interval
from booking.domain.slots import Slot
from marketplace.search.domain.starts import minute_of, minutes_in, moment_of, runs

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
AT_NINE = minute_of(NINE)
HOUR = timedelta(hours=1)


def slots(*minutes):
    starts = [NINE + timedelta(minutes=each) for each in minutes]
    return [Slot(start, start + HOUR, date(2026, 12, 1)) for start in starts]


def test_a_minute_is_the_moment_that_it_begins_at():
    assert moment_of(AT_NINE) == NINE
    assert minute_of(NINE + timedelta(seconds=59)) == AT_NINE


def test_a_run_reaches_from_its_first_start_to_its_last():
    assert runs(slots(0, 15, 30, 90, 105), step=15) == [(AT_NINE, AT_NINE + 31), (AT_NINE + 90, AT_NINE + 106)]


def test_starts_that_are_further_apart_than_a_step_are_runs_of_their_own():
    assert runs(slots(0, 61), step=60) == [(AT_NINE, AT_NINE + 1), (AT_NINE + 61, AT_NINE + 62)]
    assert runs([], step=60) == []


def test_of_hours_those_between_two_moments_are_taken():
    day = Interval(NINE, NINE + 8 * HOUR)

    assert minutes_in([day], NINE - HOUR, NINE + 9 * HOUR) == [(AT_NINE, AT_NINE + 480)]
    assert minutes_in([day], NINE + HOUR, NINE + 2 * HOUR) == [(AT_NINE + 60, AT_NINE + 121)]
    assert minutes_in([day], NINE - 2 * HOUR, NINE - HOUR) == []
