"""A working week in words, and its overlap with the reader's day."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking import hours
from booking.domain.boundaries import Envelope

NINE_TO_FIVE = dict.fromkeys(range(1, 6), ((540, 1020),))
MONDAY = date(2026, 12, 7)
UTRECHT = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        pytest.param(NINE_TO_FIVE, "Mon–Fri 09:00–17:00", id="all alike"),
        pytest.param({1: ((540, 720), (780, 1020))}, "Mon 09:00–12:00, 13:00–17:00", id="a pause at noon"),
        pytest.param({1: ((540, 600),), 2: ((540, 600),)}, "Mon, Tue 09:00–10:00", id="two days are not a span"),
        pytest.param(
            {1: ((540, 600),), 2: ((540, 600),), 4: ((540, 600),), 5: ((600, 660),)},
            "Mon, Tue 09:00–10:00; Thu 09:00–10:00; Fri 10:00–11:00",
            id="a gap ends a run",
        ),
        pytest.param({7: ((0, 1440),)}, "Sun 00:00–24:00", id="a whole day"),
        pytest.param({}, "", id="none"),
    ],
)
def test_hours_read_as_on_a_shop_door(weekly, words):
    assert hours.in_words(weekly) == words


def test_only_what_the_site_lets_be_booked_is_told():
    weekly = {1: ((420, 540), (1020, 1200)), 2: ((0, 400),), 6: ((540, 600),)}

    assert hours.within(weekly, Envelope()) == {1: ((480, 540), (1020, 1080))}


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        pytest.param("Europe/Stockholm", "8 h overlap with your working day", id="the same hours"),
        pytest.param("Europe/London", "7 h overlap with your working day", id="an hour behind"),
        pytest.param("Asia/Kolkata", "3.5 h overlap with your working day", id="half hours"),
        pytest.param("America/Los_Angeles", "no overlap with your working day", id="the other side"),
    ],
)
def test_overlap_is_what_falls_into_the_readers_day(reader, words):
    assert hours.overlap_in_words(hours.overlap(NINE_TO_FIVE, UTRECHT, ZoneInfo(reader), MONDAY)) == words


def test_days_that_differ_give_the_most():
    weekly = {1: ((540, 1020),), 2: ((540, 720),)}

    shared = hours.overlap(weekly, UTRECHT, UTRECHT, MONDAY)

    assert shared == [timedelta(hours=8), timedelta(hours=3)]
    assert hours.overlap_in_words(shared) == "up to 8 h overlap with your working day"


def test_overlap_is_that_of_the_week_when_clocks_differ():
    """Between the American and the European change in March, New York is an hour nearer."""
    weekly, new_york = dict.fromkeys(range(1, 6), ((780, 1020),)), ZoneInfo("America/New_York")

    winter = hours.overlap(weekly, UTRECHT, new_york, date(2026, 3, 2))
    between = hours.overlap(weekly, UTRECHT, new_york, date(2026, 3, 16))

    assert (winter[0], between[0]) == (timedelta(hours=2), timedelta(hours=3))


def test_a_mentor_without_hours_overlaps_with_nobody():
    assert hours.overlap_in_words([]) == ""
