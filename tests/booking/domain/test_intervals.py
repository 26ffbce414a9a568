from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.intervals import Interval, as_utc, merge, subtract

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def hours(start, end):
    day = datetime(2026, 3, 2, tzinfo=UTC)
    return Interval(day + timedelta(hours=start), day + timedelta(hours=end))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(hours(8, 10), False, id="touches the start"),
        pytest.param(hours(12, 13), False, id="touches the end"),
        pytest.param(hours(11.5, 13), True, id="the last half hour"),
        pytest.param(hours(10.5, 11), True, id="inside"),
        pytest.param(hours(9, 13), True, id="around"),
        pytest.param(hours(10, 12), True, id="the same"),
    ],
)
def test_only_a_shared_instant_is_an_overlap(other, expected):
    assert hours(10, 12).overlaps(other) is expected
    assert other.overlaps(hours(10, 12)) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(hours(10, 12), True, id="the same"),
        pytest.param(hours(10, 11), True, id="from the start"),
        pytest.param(hours(11, 12), True, id="to the end"),
        pytest.param(hours(9.9, 11), False, id="begins before"),
        pytest.param(hours(11, 12.1), False, id="ends after"),
    ],
)
def test_an_interval_contains_what_does_not_leave_it(other, expected):
    assert hours(10, 12).contains(other) is expected


@pytest.mark.parametrize(("start", "end"), [pytest.param(10, 10, id="empty"), pytest.param(11, 10, id="backwards")])
def test_an_interval_starts_before_it_ends(start, end):
    with pytest.raises(ValueError, match="before it ends"):
        hours(start, end)


def test_an_interval_of_naive_times_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Interval(datetime.fromisoformat("2026-03-02T10:00"), datetime(2026, 3, 2, 11, tzinfo=UTC))


def test_an_interval_is_measured_in_real_time_through_a_repeated_hour():
    first_pass = datetime(2026, 10, 25, 2, 45, tzinfo=AMSTERDAM)
    second_pass = datetime(2026, 10, 25, 2, 15, tzinfo=AMSTERDAM, fold=1)

    assert Interval(first_pass, second_pass).duration == timedelta(minutes=30)


def test_an_instant_keeps_its_place_in_utc():
    assert as_utc(datetime(2026, 7, 1, 10, tzinfo=AMSTERDAM)).isoformat() == "2026-07-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([hours(3, 4), hours(1, 2)], [hours(1, 2), hours(3, 4)], id="apart, sorted"),
        pytest.param([hours(1, 2), hours(2, 3)], [hours(1, 3)], id="touching"),
        pytest.param([hours(1, 5), hours(2, 3), hours(4, 6)], [hours(1, 6)], id="nested and overlapping"),
    ],
)
def test_merging_joins_overlapping_and_touching_intervals(given, expected):
    assert merge(given) == expected


@pytest.mark.parametrize(
    ("holes", "expected"),
    [
        pytest.param([], [hours(9, 17)], id="no hole"),
        pytest.param([hours(12, 13)], [hours(9, 12), hours(13, 17)], id="in the middle"),
        pytest.param([hours(8, 10), hours(16, 18)], [hours(10, 16)], id="over both ends"),
        pytest.param([hours(8, 9), hours(17, 18)], [hours(9, 17)], id="touching changes nothing"),
        pytest.param([hours(9, 17)], [], id="all of it"),
        pytest.param([hours(14, 15), hours(12, 13), hours(12.5, 14)], [hours(9, 12), hours(15, 17)], id="unsorted"),
    ],
)
def test_subtracting_leaves_what_lies_outside_the_holes(holes, expected):
    assert subtract([hours(9, 17)], holes) == expected


def test_subtracting_does_not_join_intervals_that_touch():
    assert subtract([hours(2, 3), hours(1, 2)], []) == [hours(1, 2), hours(2, 3)]
