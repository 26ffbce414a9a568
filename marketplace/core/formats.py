"""How instants, days and sums read: English words, 24-hour clocks, always in a zone that the caller names.

A time inside an hour that the clock repeats is followed by its UTC offset, since it would name two instants otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

LOCALE = "en"
Zone = tzinfo | str
"""A zone or its IANA name."""

_DAY = "EEE d MMM"
_LONG_DAY = "EEEE d MMMM"


def in_zone(at: datetime, zone: Zone) -> datetime:
    """The same instant on that zone's wall clock; ValueError for a naive datetime, whose zone nobody knows."""
    if at.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def clock_time(at: datetime, zone: Zone) -> str:
    """`10:30`; in a repeated hour `02:30 (UTC+2)`."""
    wall = in_zone(at, zone)
    reads = f"{wall:%H:%M}"
    return f"{reads} ({utc_offset(wall)})" if is_repeated(wall) else reads


def day(at: datetime | date, zone: Zone | None = None) -> str:
    """`Tue 8 Dec`. An instant needs a zone, a date has none."""
    return format_date(_date_of(at, zone), _DAY, locale=LOCALE)


def long_day(at: datetime | date, zone: Zone | None = None) -> str:
    """`Tuesday 8 December`. An instant needs a zone, a date has none."""
    return format_date(_date_of(at, zone), _LONG_DAY, locale=LOCALE)


def dated(at: datetime, zone: Zone) -> str:
    """`8 Dec 2026, 10:30`, for lists that reach over years."""
    return f"{format_datetime(in_zone(at, zone), 'd MMM y', locale=LOCALE)}, {clock_time(at, zone)}"


def local(at: datetime, zone: Zone) -> str:
    """`Tue 8 Dec, 10:30`."""
    return f"{day(at, zone)}, {clock_time(at, zone)}"


def local_with_zone(at: datetime, zone: Zone) -> str:
    """`Tue 8 Dec, 10:30 (Europe/Stockholm)`."""
    return f"{local(at, zone)} ({zone})"


def local_span(start: datetime, end: datetime, zone: Zone) -> str:
    """`Tue 8 Dec, 10:30–11:30`; the end's day is named where it is another one."""
    same = in_zone(start, zone).date() == in_zone(end, zone).date()
    return f"{local(start, zone)}–{clock_time(end, zone)}" if same else f"{local(start, zone)} – {local(end, zone)}"


def month_name(first: date) -> str:
    """`December 2026`."""
    return format_date(first, "MMMM y", locale=LOCALE)


def instant(at: datetime) -> str:
    """`2026-12-08T09:30Z`, as addresses carry it; seconds are dropped."""
    return f"{in_zone(at, UTC):%Y-%m-%dT%H:%MZ}"


def zone_place(zone: Zone) -> str:
    """`Buenos Aires` for `America/Argentina/Buenos_Aires`."""
    return str(zone).rsplit("/", 1)[-1].replace("_", " ")


def length(minutes: int) -> str:
    """`1 minute`, `50 minutes`, `1 hour`, `1 h 30 min`."""
    whole, rest = divmod(minutes, 60)
    if whole and rest:
        return f"{whole} h {rest} min"
    return counted(whole, "hour") if whole else counted(rest, "minute")


def counted(number: int, noun: str) -> str:
    """`1 session`, `3 sessions`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Iterable[str]) -> str:
    """`Monday, Tuesday and Friday`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def countdown(until: datetime, now: datetime) -> str:
    """Minutes and seconds left, as `29:12`; `0:00` when there is nothing left."""
    left = max(0, -((now - until) // timedelta(seconds=1)))
    return f"{left // 60}:{left % 60:02}"


def is_repeated(wall: datetime) -> bool:
    """True if the clock of its zone shows this time twice. `wall` came from an instant, so it lies in no gap."""
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def utc_offset(wall: datetime) -> str:
    """`UTC+2`, `UTC−3:30`, `UTC`."""
    minutes = int((wall.utcoffset() or timedelta(0)) / timedelta(minutes=1))
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def _date_of(at: datetime | date, zone: Zone | None) -> date:
    if not isinstance(at, datetime):
        return at
    if zone is None:
        raise ValueError("Which day an instant lies on depends on the zone.")
    return in_zone(at, zone).date()
