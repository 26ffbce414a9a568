"""The reader's working day, in the reader's zone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain.intervals import Interval
from booking.domain.recurrence import DAY_MINUTES, MinuteRange, WeeklyHours, working_intervals

OPENS, CLOSES = 9 * 60, 17 * 60
"""What is taken for anybody's working day until they tell."""
WEEKDAYS = range(1, 6)
WEEK_MINUTES = 7 * DAY_MINUTES
_A_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Monday to Friday between two minutes of the day."""

    zone: ZoneInfo
    opens: int = OPENS
    closes: int = CLOSES

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError("A working day begins before it ends, between 00:00 and 24:00.")

    @property
    def weekly(self) -> WeeklyHours:
        return dict.fromkeys(WEEKDAYS, ((self.opens, self.closes),))

    def holds(self, start: datetime, end: datetime) -> bool:
        """True if a session from `start` to `end` lies in it as a whole."""
        local = start.astimezone(self.zone)
        begins = 60 * local.hour + local.minute
        minutes = (end - start) / timedelta(minutes=1)
        return local.isoweekday() in WEEKDAYS and self.opens <= begins and begins + minutes <= self.closes


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
