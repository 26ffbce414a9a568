"""When hours move on somebody else's clock."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.shifts import Shift, shifts

UTRECHT = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("reader", "found"),
    [
        pytest.param("Europe/Berlin", [], id="the same changes"),
        pytest.param(
            "Asia/Kolkata", [Shift(date(2027, 3, 28), -HOUR), Shift(date(2027, 10, 31), HOUR)], id="none there"
        ),
        pytest.param(
            "America/New_York",
            [
                Shift(date(2027, 3, 14), HOUR),
                Shift(date(2027, 3, 28), -HOUR),
                Shift(date(2027, 10, 31), HOUR),
                Shift(date(2027, 11, 7), -HOUR),
            ],
            id="two weeks apart, and one",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            [
                Shift(date(2027, 3, 28), -HOUR),
                Shift(date(2027, 4, 4), -HOUR / 2),
                Shift(date(2027, 10, 3), HOUR / 2),
                Shift(date(2027, 10, 31), HOUR),
            ],
            id="half an hour in the south",
        ),
    ],
)
def test_hours_move_where_only_one_clock_changes(reader, found):
    assert list(shifts(UTRECHT, ZoneInfo(reader), *YEAR)) == found


def test_the_first_day_is_compared_with_the_one_before_it():
    day = date(2027, 3, 28)

    assert list(shifts(UTRECHT, ZoneInfo("UTC"), day, day)) == [Shift(day, -HOUR)]
