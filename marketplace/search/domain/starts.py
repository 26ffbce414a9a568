"""Free times as minutes since 1970, as search remembers them and asks for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from booking.domain.intervals import Interval
from booking.domain.slots import Slot

MinutesSince1970 = tuple[int, int]
"""[from, to)"""
_SECONDS = 60


def minute_of(at: datetime) -> int:
    return int(at.timestamp()) // _SECONDS


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(_SECONDS * minute, UTC)


def runs(slots: Iterable[Slot], step: int) -> list[MinutesSince1970]:
    """From the first to the last start of each run whose starts are `step` minutes apart; the slots are sorted."""
    found: list[MinutesSince1970] = []
    for slot in slots:
        start = minute_of(slot.start)
        if found and start - found[-1][1] < step:
            found[-1] = (found[-1][0], start + 1)
        else:
            found.append((start, start + 1))
    return found


def minutes_in(spans: Iterable[Interval], earliest: datetime, latest: datetime) -> list[MinutesSince1970]:
    """Of each span what lies between two moments, both included."""
    first, last = minute_of(earliest), minute_of(latest) + 1
    cut = ((max(first, minute_of(span.start)), min(last, minute_of(span.end))) for span in spans)
    return [(start, end) for start, end in cut if start < end]
