"""Many dates at once: as a list that somebody types, as the weekdays of a span, and as few lines to read again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from booking.domain.recurrence import MinuteRange

_SEPARATORS = re.compile(r"[\s,;]+")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReadDates:
    """`dates` are sorted, each once; `unread` is what could not be read, as it was typed."""

    dates: tuple[date, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Dates that follow each other among those given and have the same hours; other dates may lie between them."""

    dates: tuple[date, ...]
    ranges: tuple[MinuteRange, ...]

    @property
    def first(self) -> date:
        return self.dates[0]

    @property
    def last(self) -> date:
        return self.dates[-1]


def read_date(text: str) -> date | None:
    """`2026-12-24` or `24.12.2026`. Not `12/24/2026`, which reads differently on two sides of an ocean."""
    if found := _ISO.fullmatch(text.strip()):
        year, month, day = found[1], found[2], found[3]
    elif found := _DAY_FIRST.fullmatch(text.strip()):
        day, month, year = found[1], found[2], found[3]
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_dates(text: str) -> ReadDates:
    """Any number of dates, between them spaces, commas, semicolons or new lines."""
    words = [word for word in _SEPARATORS.split(text) if word]
    read = [(word, read_date(word)) for word in words]
    return ReadDates(
        dates=tuple(sorted({found for _, found in read if found is not None})),
        unread=tuple(word for word, found in read if found is None),
    )


def span(first: date, last: date, weekdays: Iterable[int]) -> list[date]:
    """The dates from `first` to `last`, both included, that fall on these ISO weekdays."""
    wanted = frozenset(weekdays)
    days = (first + _ONE_DAY * number for number in range((last - first).days + 1))
    return [day for day in days if day.isoweekday() in wanted]


def unbroken(dates: Iterable[date]) -> list[tuple[date, date]]:
    """The same dates as spans from a first to a last, without a day missing in between."""
    found: list[tuple[date, date]] = []
    for day in sorted(dates):
        if found and day <= found[-1][1] + _ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def runs(hours: Mapping[date, tuple[MinuteRange, ...]]) -> list[Run]:
    found: list[Run] = []
    for day in sorted(hours):
        if found and found[-1].ranges == hours[day]:
            found[-1] = Run((*found[-1].dates, day), hours[day])
        else:
            found.append(Run((day,), hours[day]))
    return found
