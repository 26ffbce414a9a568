"""In which order mentors are listed. The page /how-we-rank is made of what stands here. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

PER_PAGE = 20
POOL = 100
"""So many are looked at together, by what was last seen of them; their free times decide among them."""
MOST_POOLS = 10
"""Who has not found anybody among a thousand is better served by another search."""
COMMON_DAYS = 14
"""How far ahead a time within the reader's working day is looked for."""
KNOWN_DAYS = COMMON_DAYS + 1
"""So far ahead it is remembered when somebody is free: one day more, since it may be an hour old."""
LOOKED_AT_MINUTES = 60
"""How often every mentor's first free time is looked at, to choose who is looked at together."""
LOTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """What decides about a mentor's place. `first_common` is the day of the first free time within the reader's working
    day in the next COMMON_DAYS, `first` that of the first at any hour, both in the reader's zone. `next_at` is the
    first time that fits what was asked for."""

    covered: int
    first_common: date | None
    first: date
    next_at: datetime
    practised: int
    lot: int
    mentor_id: int


class Step(StrEnum):
    NEEDS = "needs"
    FIRST_TIME = "first_time"
    FRESHNESS = "freshness"
    LOT = "lot"


STEPS: dict[Step, Callable[[Place], tuple[object, ...]]] = {
    Step.NEEDS: lambda place: (-place.covered,),
    Step.FIRST_TIME: lambda place: (place.first_common is None, place.first_common or place.first),
    Step.FRESHNESS: lambda place: (-place.practised,),
    Step.LOT: lambda place: (place.lot, place.mentor_id),
}
"""The smaller comes first; each step only decides among those that all steps before it left equal."""


def in_order(place: Place) -> tuple[object, ...]:
    return tuple(part for step in STEPS.values() for part in step(place))


def by_time(place: Place) -> tuple[object, ...]:
    """For who asks to have the next free time first: nothing else counts but among equal times."""
    return (place.next_at, *in_order(place))


def lot_of(mentor_id: int, day: date) -> int:
    """Drawn for each mentor anew each day, the same wherever it is drawn."""
    return int.from_bytes(sha256(f"{day} {mentor_id}".encode()).digest()[:8]) % LOTS
