"""When the clocks of two places change on different days, one's hours move on the other's clock for a while, or for
the season."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from booking.domain.recurrence import instant

_NOON = 12 * 60
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """From `day` on, a local date of the mentor, all hours read this much later there than before (or earlier, when
    `moved` is negative)."""

    day: date
    moved: timedelta


def shifts(zone: ZoneInfo, reader: ZoneInfo, first: date, last: date) -> Iterator[Shift]:
    """Those of the days from `first` to `last`; the day before `first` is what the first one is compared with."""
    before = _distance(zone, reader, first - _ONE_DAY)
    day = first
    while day <= last:
        now = _distance(zone, reader, day)
        if now != before:
            yield Shift(day, now - before)
        day, before = day + _ONE_DAY, now


def _distance(zone: ZoneInfo, reader: ZoneInfo, day: date) -> timedelta:
    """How much later it is on the reader's clock, at noon for the mentor: no clock changes then."""
    noon = instant(day, _NOON, zone)
    there, here = noon.astimezone(reader).utcoffset(), noon.astimezone(zone).utcoffset()
    assert there is not None  # both have a ZoneInfo
    assert here is not None
    return there - here
