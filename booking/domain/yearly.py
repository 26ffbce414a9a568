"""The clock changes of a zone as rules that come back each year, for readers that are told zones by rules.

icalendar writes every change as a date, and Thunderbird then reads only the first of them. A rule such as the last
Sunday of March is read alike by all that were tried. Some zones have none: where they change by the moon or have
changed their rules, the answer is None, and whoever asks has to write instants.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Change:
    """`wall` is what the clock shows at that instant before it changes; the offsets are those before and after. Summer
    is what the clock is put forward for, also in Ireland, where the law calls winter the exception."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


@dataclass(frozen=True, slots=True)
class YearlyChange:
    """`first` is the earliest one; after that the `place`-th weekday of its month, counted from the end if negative."""

    first: Change
    place: int


@dataclass(frozen=True, slots=True)
class YearlyRules:
    """Either no changes at all, or the same ones each year; `begins` is what holds before the first of them."""

    begins: Change
    changes: tuple[YearlyChange, ...]


def yearly_rules(zone: ZoneInfo, first: date, last: date) -> YearlyRules | None:
    """What is true from the year before `first` to that of `last`; None where that is no yearly rule."""
    years = range(first.year - 1, last.year + 1)
    by_year = {year: list(changes_of(zone, year)) for year in years}
    beginning = datetime(years[0], 1, 1, tzinfo=UTC).astimezone(zone)
    begins = _change(beginning, beginning)
    if not any(by_year.values()):
        return YearlyRules(begins, ())
    rules = [_rule(together) for together in zip(*by_year.values(), strict=False)]
    is_regular = len({len(changes) for changes in by_year.values()}) == 1
    found = tuple(rule for rule in rules if rule is not None)
    return YearlyRules(begins, found) if is_regular and len(found) == len(rules) else None


def changes_of(zone: ZoneInfo, year: int) -> Iterator[Change]:
    """In the year as UTC has it."""
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        if _offset(at, zone) != _offset(at + _DAY, zone):
            moment = _first_after(at, zone)
            yield _change((moment - timedelta(seconds=1)).astimezone(zone), moment.astimezone(zone))
        at += _DAY


def _first_after(at: datetime, zone: ZoneInfo) -> datetime:
    """The first second with another offset, within a day of `at`."""
    low, high = at, at + _DAY
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
        low, high = (middle, high) if _offset(middle, zone) == _offset(at, zone) else (low, middle)
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None  # every moment here has a ZoneInfo
    return offset


def _change(before: datetime, after: datetime) -> Change:
    """From the last moment before it, and the first after it."""
    old, new = before.utcoffset(), after.utcoffset()
    assert old is not None  # every moment here has a ZoneInfo
    assert new is not None
    wall = (after.astimezone(UTC) + old).replace(tzinfo=None)
    return Change(wall, old, new, after.tzname() or "", is_summer=new > old)


def _rule(changes: tuple[Change, ...]) -> YearlyChange | None:
    """One rule that makes all of these, one a year."""
    first = changes[0]
    alike = {(c.wall.month, c.wall.weekday(), c.wall.time(), c.before, c.after) for c in changes}
    if len(alike) > 1:
        return None
    if all(c.wall.day > monthrange(c.wall.year, c.wall.month)[1] - _WEEK for c in changes):
        return YearlyChange(first, -1)
    places = {(c.wall.day - 1) // _WEEK + 1 for c in changes}
    return YearlyChange(first, places.pop()) if len(places) == 1 else None
