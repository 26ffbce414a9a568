"""The month grid."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.pages.month import by_local_day, month_of

Slot = namedtuple("Slot", "start")
TODAY, LAST = date(2026, 12, 1), date(2027, 1, 30)


def days(month):
    return [day.day for week in month.weeks for day in week if day]


def test_a_month_holds_each_of_its_days_once_under_its_weekday():
    month = month_of(date(2026, 12, 8), {}, today=TODAY, last=LAST)

    assert days(month) == [date(2026, 12, 1) + timedelta(days=n) for n in range(31)]
    assert all(day is None or day.day.weekday() == column for week in month.weeks for column, day in enumerate(week))


def test_a_day_says_how_many_times_are_free():
    month = month_of(TODAY, {date(2026, 12, 8): [1, 2, 3]}, today=TODAY, last=LAST)

    assert {day.day: day.free for week in month.weeks for day in week if day and day.free} == {date(2026, 12, 8): 3}


@pytest.mark.parametrize(
    ("wanted", "first", "previous", "following"),
    [
        pytest.param(date(2026, 12, 8), date(2026, 12, 1), None, date(2027, 1, 1), id="the first month"),
        pytest.param(date(2027, 1, 8), date(2027, 1, 1), date(2026, 12, 1), None, id="the last month, over a new year"),
        pytest.param(date(2026, 3, 1), date(2026, 12, 1), None, date(2027, 1, 1), id="before today"),
        pytest.param(date(2031, 3, 1), date(2027, 1, 1), date(2026, 12, 1), None, id="beyond the horizon"),
    ],
)
def test_a_month_lies_between_today_and_the_horizon(wanted, first, previous, following):
    month = month_of(wanted, {}, today=TODAY, last=LAST)

    assert (month.first, month.previous, month.following) == (first, previous, following)


def test_the_last_days_of_a_month_do_not_hide_the_next_one():
    month = month_of(date(2026, 1, 31), {}, today=date(2026, 1, 31), last=date(2026, 3, 1))

    assert month.following == date(2026, 2, 1)


def test_a_slot_lies_on_the_day_on_which_it_starts_for_the_reader():
    late = Slot(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert list(by_local_day([late], ZoneInfo("Europe/London"))) == [date(2026, 12, 31)]
    assert list(by_local_day([late], ZoneInfo("Europe/Stockholm"))) == [date(2027, 1, 1)]


def test_both_passes_of_a_repeated_hour_lie_on_the_same_day():
    passes = [Slot(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)]

    assert by_local_day(passes, ZoneInfo("Europe/Stockholm")) == {date(2026, 10, 25): passes}
