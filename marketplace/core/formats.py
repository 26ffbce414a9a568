"""How instants, days, lengths and sums read in the language being spoken; 24-hour clocks, zones named by the caller.

Days are written as the CLDR has them for each language; in English the day comes first.

A time inside an hour that the clock repeats is followed by its UTC offset, since it would name two instants otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_currency_name
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core import language
from marketplace.core.money import Money

Zone = tzinfo | str
"""A zone or its IANA name."""

_DAY, _DATED_DAY, _DATE, _MONTH = "MMMEd", "yMMMEd", "yMMMd", "yMMMM"
"""Names of patterns in the CLDR."""
_ENGLISH = {_DAY: "EEE d MMM", _DATED_DAY: "EEE d MMM y", _DATE: "d MMM y", _MONTH: "MMMM y"}


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
    return _written(_date_of(at, zone), _pattern(_DAY))


def long_day(at: datetime | date, zone: Zone | None = None) -> str:
    """`Tuesday 8 December`. An instant needs a zone, a date has none."""
    return _written(_date_of(at, zone), re.sub("E+|c+", "EEEE", re.sub("M+", "MMMM", _pattern(_DAY))))


def dated(at: datetime, zone: Zone) -> str:
    """`8 Dec 2026, 10:30`, for lists that reach over years."""
    return f"{full_date(at, zone)}, {clock_time(at, zone)}"


def full_date(at: datetime | date, zone: Zone | None = None) -> str:
    """`8 Dec 2026`. An instant needs a zone, a date has none."""
    return _written(_date_of(at, zone), _pattern(_DATE))


def dated_day(at: datetime | date, zone: Zone | None = None) -> str:
    """`Tue 8 Dec 2026`, for what may be years ahead or read elsewhere. An instant needs a zone, a date has none."""
    return _written(_date_of(at, zone), _pattern(_DATED_DAY))


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
    return _written(first, _pattern(_MONTH))


def weekday(number: int, width: str = "wide") -> str:
    """`Monday`, `Mon`, `Mo` for 1, as `wide`, `abbreviated` and `short` have it."""
    names: dict[int, str] = _locale().days["stand-alone"][width]
    return names[number - 1]


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
        return _("%(hours)s h %(minutes)s min", hours=whole, minutes=rest)
    if whole:
        return ngettext("%(num)s hour", "%(num)s hours", whole)
    return ngettext("%(num)s minute", "%(num)s minutes", rest)


def ago(at: datetime, now: datetime) -> str:
    """`just now`, `5 minutes ago`, `5 hours ago`, `3 days ago`; whole ones, rounded down."""
    minutes = max(0, int((now - at) / timedelta(minutes=1)))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", hours)
    return ngettext("%(num)s day ago", "%(num)s days ago", hours // 24)


def money(amount: Money) -> str:
    """`€60.00`."""
    return amount.format(language.current())


def either(sums: Iterable[Money]) -> str:
    """`€0.30 or $0.35`: one of them, by the currency."""
    return format_list([money(each) for each in sums], style="or", locale=_locale())


def currency_name(code: str) -> str:
    """`US Dollar (USD)`."""
    return f"{get_currency_name(code, locale=_locale())} ({code})"


def rate(rate_bp: int) -> str:
    """Basis points as `15%`, `12.5%`."""
    text: str = format_percent(Decimal(rate_bp).scaleb(-4), locale=_locale(), decimal_quantization=False)
    return text


def number(value: int | float) -> str:
    """`1,234.5`."""
    return format_decimal(value, locale=_locale())


def counted(number: int, noun: str) -> str:
    """`1 session`, `3 sessions`: for commands, which speak English. Pages count with ngettext."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Iterable[str]) -> str:
    """`Monday, Tuesday and Friday`."""
    *most, last = words
    return _("%(most)s and %(last)s", most=", ".join(most), last=last) if most else last


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


def _locale() -> Locale:
    return _locale_of(language.current())


@lru_cache
def _locale_of(code: str) -> Locale:
    return Locale.parse(code)


def _pattern(name: str) -> str:
    locale = _locale()
    return _ENGLISH[name] if locale.language == "en" else str(locale.datetime_skeletons[name])


def _written(day: date, pattern: str) -> str:
    return _in_language(day, pattern, language.current())


@lru_cache(maxsize=10_000)
def _in_language(day: date, pattern: str, code: str) -> str:
    """Babel takes a pattern apart each time; pages and calendars say the same days over and over."""
    return format_date(day, pattern, locale=_locale_of(code))


def _date_of(at: datetime | date, zone: Zone | None) -> date:
    if not isinstance(at, datetime):
        return at
    if zone is None:
        raise ValueError("Which day an instant lies on depends on the zone.")
    return in_zone(at, zone).date()
