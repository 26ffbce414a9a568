"""The reader's working day, in the reader's zone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain.intervals import Interval
from booking.domain.recurrence import DAY_MINUTES, MinuteRange, WeeklyHours, working_intervals

WEEK_MINUTES = 7 * DAY_MINUTES
_A_WEEK = timedelta(days=6)
_REMEMBERED = re.compile(r"([0-9]{1,4})-([0-9]{1,4})-([1-7]{1,7})")


@dataclass(frozen=True, slots=True)
class Hours:
    """Between two minutes of the day, on some ISO weekdays: what is taken for anybody's until they tell."""

    opens: int = 9 * 60
    closes: int = 17 * 60
    weekdays: frozenset[int] = frozenset(range(1, 6))

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError("A working day begins before it ends, between 00:00 and 24:00.")
        if not self.weekdays or not self.weekdays <= frozenset(range(1, 8)):
            raise ValueError("A working week has a day at least, from Monday (1) to Sunday (7).")

    def to_remember(self) -> str:
        """`540-1020-12345`"""
        return f"{self.opens}-{self.closes}-{''.join(map(str, sorted(self.weekdays)))}"


USUAL = Hours()


def remembered(text: str) -> Hours:
    """The usual ones for what `to_remember` has not written."""
    read = _REMEMBERED.fullmatch(text)
    if read is None:
        return USUAL
    try:
        return Hours(int(read[1]), int(read[2]), frozenset(map(int, read[3])))
    except ValueError:
        return USUAL


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """The reader's hours on the reader's clock."""

    zone: ZoneInfo
    hours: Hours = USUAL

    @property
    def weekly(self) -> WeeklyHours:
        return dict.fromkeys(sorted(self.hours.weekdays), ((self.hours.opens, self.hours.closes),))

    def between(self, now: datetime, days: int) -> list[Interval]:
        """The hours of the days from today on, today's as a whole; instants of [now, now + days) and a bit more."""
        today = now.astimezone(self.zone).date()
        spans = working_intervals(self.weekly, {}, (), self.zone, today, today + timedelta(days=days))
        return [span for _, span in spans]

    def holds(self, start: datetime, end: datetime) -> bool:
        """True if a session from `start` to `end` lies in it as a whole."""
        local = start.astimezone(self.zone)
        begins = 60 * local.hour + local.minute
        minutes = (end - start) / timedelta(minutes=1)
        hours = self.hours
        return local.isoweekday() in hours.weekdays and hours.opens <= begins and begins + minutes <= hours.closes


def week_in_utc(weekly: WeeklyHours, zone: ZoneInfo, now: datetime) -> tuple[MinuteRange, ...]:
    """The week's hours from today on, as minutes after Monday 00:00 in UTC; sorted, some may touch.

    The clock's changes move them, so it is true for this week only.
    """
    today = now.astimezone(zone).date()
    spans = working_intervals(weekly, {}, (), zone, today, today + _A_WEEK)
    return tuple(sorted(part for _, span in spans for part in _minutes_of_week(span)))


def _minutes_of_week(span: Interval) -> Iterable[MinuteRange]:
    start = span.start.astimezone(UTC)
    begins = start.weekday() * DAY_MINUTES + 60 * start.hour + start.minute
    ends = begins + int(span.duration / timedelta(minutes=1))
    yield begins, min(ends, WEEK_MINUTES)
    if ends > WEEK_MINUTES:
        yield 0, ends - WEEK_MINUTES
