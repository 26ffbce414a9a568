"""Spans of time: half-open, in UTC, never empty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """[start, end): both aware, start before end; touching intervals do not overlap.

    Kept in UTC whatever zone they came in: two datetimes of one zone are compared by their wall clocks, which is wrong
    in the hour that the clock repeats.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            object.__setattr__(self, "start", as_utc(self.start))
            object.__setattr__(self, "end", as_utc(self.end))
        if not self.start < self.end:
            raise ValueError("An interval must start before it ends.")

    @property
    def duration(self) -> timedelta:
        """Real time between start and end."""
        return self.end - self.start

    def overlaps(self, other: Interval) -> bool:
        """True if they share an instant."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Interval) -> bool:
        """True if all of `other` lies in this interval; an interval contains itself."""
        return self.start <= other.start and other.end <= self.end


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC; ValueError for a naive one, whose zone nobody knows."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("An instant needs a time zone.")
    return moment.astimezone(UTC)


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as few intervals, sorted: overlapping and touching ones become one."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def subtract(intervals: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What is left of each interval outside the holes, sorted; the intervals themselves are not joined."""
    gaps = merge(holes)
    return [piece for interval in sorted(intervals) for piece in _without(interval, gaps)]


def _without(interval: Interval, gaps: list[Interval]) -> list[Interval]:
    pieces: list[Interval] = []
    start = interval.start
    for gap in gaps:
        if gap.end <= start or gap.start >= interval.end:
            continue
        if start < gap.start:
            pieces.append(Interval(start, gap.start))
        start = gap.end
    if start < interval.end:
        pieces.append(Interval(start, interval.end))
    return pieces
