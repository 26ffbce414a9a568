"""Times of the day and lengths of time as people type them, and as they are shown to be typed over.

Whatever cannot be read is None: nothing here raises for what somebody typed.
"""

from __future__ import annotations

import re
from enum import IntEnum

from booking.domain.recurrence import DAY_MINUTES

LONGEST = 24
"""No time and no length takes more characters; it bounds the work on what is typed."""
_CLOCK = re.compile(r"([0-9]{1,2})(?:\s?[:.,h]\s?([0-9]{2})?|([0-9]{2}))?\s?(?:([ap])\.?m?\.?)?", re.IGNORECASE)
_PART = re.compile(r"([0-9]{1,5})(?:[.,]([0-9]{1,2}))?\s*([a-z]*)\.?\s*", re.IGNORECASE)
_HOURS_AND_MINUTES = re.compile(r"([0-9]{1,3}):([0-5][0-9])")
_NOON = 12


class Unit(IntEnum):
    """How many minutes it has."""

    MINUTES = 1
    HOURS = 60
    DAYS = DAY_MINUTES


# In the languages that the site speaks: minutes, Stunden, uur, Tage, dagen and the like.
_UNITS = (
    (Unit.MINUTES, re.compile(r"m|mins?|minutes?|minuten?|minuut", re.IGNORECASE)),
    (Unit.HOURS, re.compile(r"h|hrs?|hours?|std|stunden?|u|uur|uren", re.IGNORECASE)),
    (Unit.DAYS, re.compile(r"d|days?|tage?n?|dag(?:en)?|t", re.IGNORECASE)),
)


def read_clock(text: str) -> int | None:
    """Minutes since midnight of `9`, `09`, `0900`, `9.30`, `9:30`, `9h30`, `5 pm`, `24:00`; 1440 is the day's end."""
    typed = text.strip()
    found = _CLOCK.fullmatch(typed) if len(typed) <= LONGEST else None
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or found[3] or 0)
    if found[4]:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if found[4] in "pP" else 0)
    minute = 60 * hours + minutes
    return minute if minutes < 60 and minute <= DAY_MINUTES else None


def read_closing(text: str) -> int | None:
    """As `read_clock`, for the end of something: midnight is then the end of the day, 1440."""
    minute = read_clock(text)
    return DAY_MINUTES if minute == 0 else minute


def write_clock(minute: int) -> str:
    """`09:30`; the day's end is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_length(text: str, unit: Unit) -> int | None:
    """Whole minutes of `24`, `24 h`, `1.5 h`, `1 h 30`, `1:30`, `2 days`.

    A bare number counts in `unit`, and after hours in minutes.
    """
    typed = text.strip()
    if not typed or len(typed) > LONGEST:
        return None
    if clock := _HOURS_AND_MINUTES.fullmatch(typed):
        return 60 * int(clock[1]) + int(clock[2])
    total, at, smallest = 0, 0, None
    while at < len(typed):
        part = _PART.match(typed, at)
        named = _unit(part[3], unit if smallest is None else Unit.MINUTES) if part else None
        if part is None or named is None or (smallest is not None and named >= smallest):
            return None
        hundredths = named * (100 * int(part[1]) + int((part[2] or "0").ljust(2, "0")))
        if hundredths % 100:
            return None
        total, at, smallest = total + hundredths // 100, part.end(), named
    return total


def write_length(minutes: int) -> str:
    """`15 min`, `24 h`, `1 h 30 min`: `read_length` reads it back, whatever the unit."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def _unit(word: str, otherwise: Unit) -> Unit | None:
    if not word:
        return otherwise
    return next((unit for unit, pattern in _UNITS if pattern.fullmatch(word)), None)
