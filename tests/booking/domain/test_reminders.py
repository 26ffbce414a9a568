"""When people are reminded of a session: the rule, and for mentors that no quiet time is disturbed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.quiet import NoWorkingTime, QuietHours, next_loud, remind_at
from booking.domain.recurrence import working_intervals
from booking.domain.reminders import Ahead, reminders

HOUR = timedelta(hours=1)
TEN = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")


def test_both_come_at_their_time_where_nothing_is_in_the_way():
    found = reminders(TEN, now=TEN - 48 * HOUR, reached_at=lambda wanted: wanted)

    assert found == {Ahead.DAY: TEN - 24 * HOUR, Ahead.HOUR: TEN - HOUR}


@pytest.mark.parametrize(
    ("booked", "left"), [(25 * HOUR, 2), (24 * HOUR, 1), (2 * HOUR, 1), (HOUR, 0), (timedelta(minutes=5), 0)]
)
def test_what_is_over_is_not_reminded_of(booked, left):
    assert len(reminders(TEN, now=TEN - booked, reached_at=lambda wanted: wanted)) == left


def test_two_that_would_come_at_the_same_time_are_one():
    friday = TEN - 64 * HOUR

    assert reminders(TEN, now=friday - HOUR, reached_at=lambda _: friday) == {Ahead.DAY: friday}


def test_who_is_not_reached_is_not_reminded():
    assert reminders(TEN, now=TEN - 48 * HOUR, reached_at=lambda _: None) == {}


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    day=st.integers(0, 730),
    minute=st.integers(9 * 4, 17 * 4).map(lambda quarter: 15 * quarter),
    quiet=st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1]),
)
def test_no_reminder_falls_into_a_mentors_quiet_time(zone, day, minute, quiet):
    """Over zones and clock changes: it comes at its time, or earlier, and always in working time (rule quiet_hours)."""
    date = datetime(2026, 1, 1, tzinfo=zone).date() + timedelta(days=day)
    starts_at = datetime(date.year, date.month, date.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)
    weekly = dict.fromkeys(range(1, 6), ((9 * 60, 17 * 60),))
    working = [each for _, each in working_intervals(weekly, {}, (), zone, date - timedelta(days=30), date)]
    hours = QuietHours(quiet[0], quiet[1], zone) if quiet else None

    def reached_at(wanted):
        try:
            return remind_at(wanted, working, hours)
        except NoWorkingTime:
            return None

    for ahead, at in reminders(starts_at, now=starts_at - timedelta(days=60), reached_at=reached_at).items():
        assert at <= starts_at - {Ahead.DAY: 24 * HOUR, Ahead.HOUR: HOUR}[ahead]
        assert next_loud(at, working, hours) == at
