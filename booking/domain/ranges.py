"""Arithmetic of whole seconds for the slot engine: ranges [from, to) of epoch seconds, and evenly spaced starts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import timedelta
from math import ceil, floor

from booking.domain.intervals import Interval

Range = tuple[int, int]


def seconds(span: timedelta) -> int:
    """Whole seconds, rounded up."""
    return -(-span // timedelta(seconds=1))


def epochs(intervals: Iterable[Interval]) -> list[Range]:
    """Epoch seconds, rounded outwards."""
    return [(floor(span.start.timestamp()), ceil(span.end.timestamp())) for span in intervals]


def blocked_starts(spans: Iterable[Range], reach: int, gap: int) -> list[Range]:
    """For each span to keep free, the starts [from, to) that come into it: less than `reach` before it starts, or
    less than `gap` after it ends."""
    return [(start - reach + 1, end + gap) for start, end in spans]


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Sorted ranges, apart from each other, that cover the same."""
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def free_parts(grid: range, first: int, blocked: list[Range]) -> Iterator[range]:
    """The parts of the grid from `first` on that lie in no blocked range; those are sorted and apart."""
    cursor = max(first, grid.start)
    for low, high in blocked[max(0, bisect_right(blocked, (cursor, cursor)) - 1) :]:
        if low >= grid.stop:
            break
        if high > cursor:
            yield _part(grid, cursor, low)
            cursor = high
    yield _part(grid, cursor, grid.stop)


def _part(grid: range, low: int, high: int) -> range:
    """The grid's points from `low` up to but not including `high`."""
    return grid[max(0, -((grid.start - low) // grid.step)) : max(0, -((grid.start - high) // grid.step))]
