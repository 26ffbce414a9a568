"""Many dates at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.dates import Run, read_date, read_dates, runs, span

CHRISTMAS = date(2026, 12, 24)


@pytest.mark.parametrize("typed", ["2026-12-24", "24.12.2026", " 2026-12-24 "])
def test_dates_that_read_the_same_everywhere_are_understood(typed):
    assert read_date(typed) == CHRISTMAS


@pytest.mark.parametrize(
    "typed", ["", "24/12/2026", "12/24/2026", "2026-13-01", "2026-02-30", "0000-01-01", "２026-12-24"]
)
def test_what_two_people_read_differently_is_not_guessed(typed):
    assert read_date(typed) is None


def test_a_list_is_sorted_and_says_what_it_could_not_read():
    read = read_dates("31.12.2026, 2026-12-24;2026-12-24\n tomorrow")

    assert read.dates == (CHRISTMAS, date(2026, 12, 31))
    assert read.unread == ("tomorrow",)


@given(st.text())
def test_no_text_breaks_the_reading_of_dates(typed):
    read_dates(typed)


def test_a_span_holds_both_ends_and_the_weekdays_asked_for():
    days = span(CHRISTMAS, CHRISTMAS + timedelta(days=7), {4, 5})

    assert days == [CHRISTMAS, date(2026, 12, 25), date(2026, 12, 31)]


def test_dates_with_the_same_hours_are_one_line_also_across_a_weekend():
    nine = ((540, 600),)
    hours = {CHRISTMAS: (), date(2026, 12, 25): (), date(2026, 12, 28): (), date(2026, 12, 29): nine}

    assert runs(hours) == [
        Run((CHRISTMAS, date(2026, 12, 25), date(2026, 12, 28)), ()),
        Run((date(2026, 12, 29),), nine),
    ]


@given(st.dictionaries(st.dates(), st.sampled_from([(), ((540, 600),)]), max_size=20))
def test_every_date_is_in_one_line_with_its_own_hours(hours):
    found = {day: run.ranges for run in runs(hours) for day in run.dates}

    assert found == hours
