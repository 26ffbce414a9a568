"""A month as a table of weeks, Monday first, with how many times are free on each day. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol, TypeVar

_ONE_DAY = timedelta(days=1)


class Starting(Protocol):
    @property
    def start(self) -> datetime: ...


Slot = TypeVar("Slot", bound=Starting)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    free: int


@dataclass(frozen=True, slots=True)
class Month:
    """`weeks` have seven entries each, None outside the month; `previous` and `following` are first days of months
    that can be looked at, None at either end."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    previous: date | None
    following: date | None


def by_local_day(slots: Iterable[Slot], zone: tzinfo) -> dict[date, list[Slot]]:
    """The slots under the day on which they start in that zone, in the order given."""
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        days[slot.start.astimezone(zone).date()].append(slot)
    return dict(days)


def month_of(day: date, free: Mapping[date, Sequence[object]], *, today: date, last: date) -> Month:
    """The month that `day` lies in, brought between the months of `today` and of `last`, the horizon's last day."""
    first = min(max(day, today), max(last, today)).replace(day=1)
    following = _following(first)
    return Month(
        first=first,
        weeks=tuple(_weeks(first, following, free)),
        previous=(first - _ONE_DAY).replace(day=1) if first > today else None,
        following=following if following <= last else None,
    )


def _weeks(first: date, following: date, free: Mapping[date, Sequence[object]]) -> Iterable[tuple[Day | None, ...]]:
    monday = first - timedelta(days=first.weekday())
    while monday < following:
        days = (monday + timedelta(days=offset) for offset in range(7))
        yield tuple(Day(day, len(free.get(day, ()))) if first <= day < following else None for day in days)
        monday += timedelta(days=7)


def _following(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
