"""A mentor's working week in words, and how much of it falls into the reader's. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import MinuteRange, WeeklyHours, working_intervals

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
READERS_WEEK: WeeklyHours = dict.fromkeys(range(1, 6), ((9 * 60, 17 * 60),))
"""What is taken for the reader's working day until they tell: Monday to Friday, 09:00 to 17:00."""


def within(weekly: WeeklyHours, envelope: Envelope) -> WeeklyHours:
    """The hours that the site lets be booked."""
    cut = {
        weekday: tuple(
            (max(start, envelope.opens), min(end, envelope.closes))
            for start, end in ranges
            if max(start, envelope.opens) < min(end, envelope.closes)
        )
        for weekday, ranges in weekly.items()
        if weekday in envelope.weekdays
    }
    return {weekday: ranges for weekday, ranges in cut.items() if ranges}


def in_words(weekly: WeeklyHours) -> str:
    """`Mon–Thu 09:00–12:00, 13:00–17:00; Fri 09:00–12:00`, empty for no hours at all."""
    days = sorted(weekly)
    runs = groupby(enumerate(days), key=lambda entry: (entry[1] - entry[0], tuple(weekly[entry[1]])))
    return "; ".join(f"{_days([day for _, day in run])} {_ranges(ranges)}" for (_, ranges), run in runs)


def overlap(weekly: WeeklyHours, zone: ZoneInfo, reader: ZoneInfo, monday: date) -> list[timedelta]:
    """For each working day of the mentor's week that begins on `monday`: how much of it lies in the reader's
    working day."""
    sunday = monday + timedelta(days=6)
    around = (monday - timedelta(days=2), sunday + timedelta(days=2))
    theirs = [interval for _, interval in working_intervals(READERS_WEEK, {}, (), reader, *around)]
    shared: dict[date, timedelta] = {}
    for day, interval in working_intervals(weekly, {}, (), zone, monday, sunday):
        shared[day] = shared.get(day, timedelta(0)) + sum((_shared(interval, span) for span in theirs), timedelta(0))
    return list(shared.values())


def overlap_in_words(shared: list[timedelta]) -> str:
    """`6.5 h overlap with your working day`; days that differ give `up to`; empty for a mentor without hours."""
    if not shared:
        return ""
    most = max(shared)
    if not most:
        return "no overlap with your working day"
    hours = f"{most / timedelta(hours=1):.1f}".removesuffix(".0")
    return f"{'' if min(shared) == most else 'up to '}{hours} h overlap with your working day"


def _shared(one: Interval, other: Interval) -> timedelta:
    return max(timedelta(0), min(one.end, other.end) - max(one.start, other.start))


def _days(run: list[int]) -> str:
    first, last = WEEKDAYS[run[0] - 1], WEEKDAYS[run[-1] - 1]
    if len(run) == 1:
        return first
    return f"{first}, {last}" if len(run) == 2 else f"{first}–{last}"


def _ranges(ranges: tuple[MinuteRange, ...]) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in ranges)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
