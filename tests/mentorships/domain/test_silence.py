"""Working days of a mentor without an answer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking.domain.intervals import Interval
from marketplace.mentorships.domain.silence import days_have_passed

TUESDAY = date(2026, 12, 1)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def working(*days: int) -> list[tuple[date, Interval]]:
    """Nine to five with a break, on these days of December."""
    return [
        (date(2026, 12, day), Interval(at(day, start), at(day, end)))
        for day in days
        for start, end in ((9, 12), (13, 17))
    ]


WEEKS = working(1, 2, 3, 4, 7, 8, 9, 10, 11)


@pytest.mark.parametrize(
    ("since", "days", "expected"),
    [
        pytest.param(at(1, 10), 2, at(3, 17), id="the day on which it came does not count"),
        pytest.param(at(1, 9), 2, at(2, 17), id="unless it came before work began"),
        pytest.param(at(1, 20), 2, at(3, 17), id="in the evening"),
        pytest.param(at(5, 11), 2, at(8, 17), id="on a Saturday"),
        pytest.param(at(3, 10), 5, at(10, 17), id="five, over a weekend"),
        pytest.param(at(9, 10), 5, None, id="not in sight"),
    ],
)
def test_whole_working_days_count(since: datetime, days: int, expected: datetime | None) -> None:
    assert days_have_passed(since, WEEKS, days) == expected


def test_days_without_work_do_not_count() -> None:
    with_time_off = [each for each in WEEKS if each[0] != TUESDAY + timedelta(days=1)]

    assert days_have_passed(at(1, 10), with_time_off, 2) == at(4, 17)
