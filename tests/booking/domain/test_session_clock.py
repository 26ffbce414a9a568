"""What the two who meet are told of their time."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.session_clock import Phase, session_clock

START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
END = START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "phase", "minutes", "gone"),
    [
        (timedelta(minutes=-30), Phase.SOON, 30, 0),
        (timedelta(minutes=-29, seconds=-59), Phase.SOON, 30, 0),
        (timedelta(seconds=-1), Phase.SOON, 1, 0),
        (timedelta(0), Phase.ON, 60, 0),
        (timedelta(seconds=1), Phase.ON, 60, 0),
        (timedelta(minutes=1), Phase.ON, 59, 1),
        (timedelta(minutes=59), Phase.ON, 1, 59),
        (timedelta(minutes=59, seconds=59), Phase.ON, 1, 59),
        (timedelta(hours=1), Phase.OVER, 0, 60),
        (timedelta(hours=5), Phase.OVER, 0, 60),
    ],
)
def test_minutes_that_have_begun_are_counted_whole(at, phase, minutes, gone):
    clock = session_clock(START, END, START + at)

    assert (clock.phase, clock.minutes, clock.gone, clock.length) == (phase, minutes, gone, 60)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (timedelta(minutes=-30, seconds=-1), False),
        (timedelta(minutes=-30), True),
        (timedelta(minutes=89, seconds=59), True),
        (timedelta(minutes=90), False),
    ],
)
def test_it_is_shown_from_half_an_hour_before_until_half_an_hour_after(at, shown):
    assert session_clock(START, END, START + at).is_shown is shown


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (timedelta(minutes=49, seconds=59), False),
        (timedelta(minutes=50), True),
        (timedelta(minutes=59, seconds=59), True),
        (timedelta(hours=1), False),
    ],
)
def test_its_last_ten_minutes_are_late(at, late):
    assert session_clock(START, END, START + at).is_late is late
