"""Quiet hours (rule 12): when a notification may reach a mentor.

A mentor is reached only in working time: the working hours with overrides and time off, less the account's own quiet
hours. Everything else is quiet time. Callers give the working intervals of a span that is long enough; when it holds no
working time on the side that is needed, `NoWorkingTime` says so, and the caller loads more days or keeps the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain.intervals import Interval, as_utc, merge, subtract
from booking.domain.recurrence import DAY_MINUTES, instant
from booking.domain.zones import Journey, Zones

SOON_AFTER_QUIET = timedelta(hours=2)
BEFORE_CLOSING = timedelta(minutes=5)
"""A reminder moved to the end of working time goes this much before it: at the end itself it would be quiet again."""
_ONE_DAY = timedelta(days=1)


class NoWorkingTime(LookupError):
    """The span given has no working time after (or, for a reminder, before) the instant asked about."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily range of minutes in an account's zone, on a journey in the journey's; `ends` at or before `starts` means
    on the next day."""

    starts: int
    ends: int
    zone: ZoneInfo
    journeys: tuple[Journey, ...] = ()

    def __post_init__(self) -> None:
        if not (0 <= self.starts < DAY_MINUTES and 0 <= self.ends <= DAY_MINUTES) or self.starts == self.ends:
            raise ValueError("Quiet hours need two different times of the day.")

    def occurrences(self, span: Interval) -> list[Interval]:
        """The quiet hours that may touch the span, one a day."""
        zones = Zones(self.zone, self.journeys)
        day, last = zones.day_of(span.start) - _ONE_DAY, zones.day_of(span.end)
        found = []
        while day <= last:
            until = day if self.starts < self.ends else day + _ONE_DAY
            start, end = instant(day, self.starts, zones.on(day)), instant(until, self.ends, zones.on(until))
            if start < end:
                found.append(Interval(start, end))
            day += _ONE_DAY
        return found


def next_loud(now: datetime, working: Sequence[Interval], quiet: QuietHours | None) -> datetime:
    """`now` if a notification may reach the mentor now, else when the quiet time ends (UTC). NoWorkingTime if never."""
    moment = as_utc(now)
    for interval in _loud(working, quiet):
        if moment < interval.end:
            return max(moment, interval.start)
    raise NoWorkingTime("No working time follows in the days given.")


def deliver_at(
    now: datetime, *, session_starts_at: datetime | None, working: Sequence[Interval], quiet: QuietHours | None
) -> datetime:
    """When to send a notification: now, or when the quiet time ends (UTC).

    News of a session to come that begins less than 2 h after the quiet time ends goes at once; so does news of one to
    come when no end of the quiet time is in sight. NoWorkingTime for anything else then.
    """
    moment = as_utc(now)
    ahead = session_starts_at is not None and moment <= session_starts_at
    try:
        loud = next_loud(moment, working, quiet)
    except NoWorkingTime:
        if ahead:
            return moment
        raise
    pressing = ahead and session_starts_at is not None and session_starts_at < loud + SOON_AFTER_QUIET
    return moment if pressing else loud


def remind_at(wanted: datetime, working: Sequence[Interval], quiet: QuietHours | None) -> datetime:
    """When to send a reminder (UTC): `wanted` if that is working time, else shortly before the working time before
    it ended. NoWorkingTime if there is none before."""
    moment = as_utc(wanted)
    before = [interval for interval in _loud(working, quiet) if interval.start <= moment]
    if not before:
        raise NoWorkingTime("No working time comes before in the days given.")
    last = before[-1]
    return moment if moment < last.end else max(last.start, last.end - BEFORE_CLOSING)


def _loud(working: Sequence[Interval], quiet: QuietHours | None) -> list[Interval]:
    intervals = merge(working)
    if not intervals or quiet is None:
        return intervals
    return subtract(intervals, quiet.occurrences(Interval(intervals[0].start, intervals[-1].end)))
