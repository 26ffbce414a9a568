"""Times and lengths as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.readings import Unit, read_clock, read_closing, read_length, write_clock, write_length


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        ("9", "09:00"),
        ("09", "09:00"),
        ("900", "09:00"),
        ("0900", "09:00"),
        ("9:30", "09:30"),
        ("9.30", "09:30"),
        ("9,30", "09:30"),
        ("9h30", "09:30"),
        ("9h", "09:00"),
        ("9:", "09:00"),
        ("  17:05 ", "17:05"),
        ("5 pm", "17:00"),
        ("5:15pm", "17:15"),
        ("12 am", "00:00"),
        ("12 p.m.", "12:00"),
        ("0", "00:00"),
        ("24", "24:00"),
        ("24:00", "24:00"),
        ("2400", "24:00"),
    ],
)
def test_many_ways_to_write_a_time_are_understood(typed, reads):
    minute = read_clock(typed)

    assert minute is not None
    assert write_clock(minute) == reads


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "noon",
        "9:3",
        "9:60",
        "24:01",
        "25",
        "-9",
        "13 pm",
        "0 am",
        "9:30:00",
        "٩",
        "²",
        "9" * 5000,
        "9 o'clock",
    ],
)
def test_what_is_no_time_is_not_guessed(typed):
    assert read_clock(typed) is None


@pytest.mark.parametrize(("typed", "minute"), [("0:00", 1440), ("12am", 1440), ("24", 1440), ("17", 1020)])
def test_midnight_at_the_end_of_something_is_the_end_of_the_day(typed, minute):
    assert read_closing(typed) == minute


@given(st.integers(0, 1440))
def test_what_is_shown_reads_back(minute):
    assert read_clock(write_clock(minute)) == minute


@given(st.text())
def test_no_text_breaks_the_reading_of_times(typed):
    minute = read_clock(typed)

    assert minute is None or 0 <= minute <= 1440


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("24", 1440),
        ("24 h", 1440),
        ("1.5", 90),
        ("1,5 hours", 90),
        ("1:30", 90),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("90 min", 90),
        ("90 Minuten", 90),
        ("2 days", 2880),
        ("2 Tage", 2880),
        ("1 dag 2 uur", 1560),
        ("0", 0),
    ],
)
def test_lengths_are_understood_in_hours_unless_they_say_otherwise(typed, minutes):
    assert read_length(typed, Unit.HOURS) == minutes


@pytest.mark.parametrize(
    "typed", ["", "soon", "-5", "1.001 h", "30 min 1 h", "1 h 1 h", "1 year", "h", "²", "1" * 5000, "1:60", "0x10"]
)
def test_what_is_no_length_is_not_guessed(typed):
    assert read_length(typed, Unit.HOURS) is None


@given(st.integers(0, 60 * 24 * 60), st.sampled_from(Unit))
def test_a_length_that_is_shown_reads_back_whatever_the_unit(minutes, unit):
    assert read_length(write_length(minutes), unit) == minutes


@given(st.text(), st.sampled_from(Unit))
def test_no_text_breaks_the_reading_of_lengths(typed, unit):
    minutes = read_length(typed, unit)

    assert minutes is None or minutes >= 0
