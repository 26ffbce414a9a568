"""A mentor's working week in words, and how much of it falls into the reader's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import MinuteRange, WeeklyHours, working_intervals
from marketplace.core import formats

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
    return "; ".join(f"{_days([day for _, day in run])} {ranges_in_words(ranges)}" for (_, ranges), run in runs)


def beyond(weekly: WeeklyHours, envelope: Envelope) -> WeeklyHours:
    """The hours that `within` leaves out: nobody can book them."""
    cut = {weekday: tuple(_beyond(ranges, weekday, envelope)) for weekday, ranges in weekly.items()}
    return {weekday: ranges for weekday, ranges in cut.items() if ranges}


def overlap(
    weekly: WeeklyHours, zone: ZoneInfo, reader: ZoneInfo, monday: date, readers_week: WeeklyHours = READERS_WEEK
) -> list[timedelta]:
    """For each working day of the mentor's week that begins on `monday`: how much of it lies in the reader's
    working day."""
    sunday = monday + timedelta(days=6)
    around = (monday - timedelta(days=2), sunday + timedelta(days=2))
    theirs = [interval for _, interval in working_intervals(readers_week, {}, (), reader, *around)]
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
        return _("no overlap with your working day")
    hours = formats.number(round(most / timedelta(hours=1), 1))
    if min(shared) == most:
        return _("%(hours)s h overlap with your working day", hours=hours)
    return _("up to %(hours)s h overlap with your working day", hours=hours)


def _beyond(ranges: Iterable[MinuteRange], weekday: int, envelope: Envelope) -> Iterator[MinuteRange]:
    for start, end in ranges:
        if weekday not in envelope.weekdays or end <= envelope.opens or envelope.closes <= start:
            yield start, end
            continue
        if start < envelope.opens:
            yield start, envelope.opens
        if envelope.closes < end:
            yield envelope.closes, end


def _shared(one: Interval, other: Interval) -> timedelta:
    return max(timedelta(0), min(one.end, other.end) - max(one.start, other.start))


def _days(run: list[int]) -> str:
    first, last = formats.weekday(run[0], "abbreviated"), formats.weekday(run[-1], "abbreviated")
    if len(run) == 1:
        return first
    return f"{first}, {last}" if len(run) == 2 else f"{first}–{last}"


def ranges_in_words(ranges: tuple[MinuteRange, ...]) -> str:
    """`09:00–12:00, 13:00–17:00`."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in ranges)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
