"""Which mentors are suggested to a mentee, and in which order. The page /how-we-rank is made of what stands here. Pure.

Nothing is known here of a mentor but what they say they can give, how they work, and when they are free: no name, no
age, no origin, no number of sessions, no price, no speed of an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.mentors.domain.profile import Way

SUGGESTED = 6
AFTER_AN_ENDING = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What decides: how many needs are `covered`, which ways of working both want, the day of the first free time
    within the mentee's own hours in the next two weeks (`first_common`), of the first at any hour, the year in which a
    topic was last practised, and a lot that is drawn for each mentor each day."""

    covered: int
    ways: tuple[Way, ...]
    first_common: date | None
    first: date
    practised: int
    lot: int


class Reason(StrEnum):
    NEEDS = "needs"
    WAYS = "ways"
    TIME = "time"
    FRESHNESS = "freshness"
    LOT = "lot"


STEPS: dict[Reason, Callable[[Match], tuple[object, ...]]] = {
    Reason.NEEDS: lambda match: (-match.covered,),
    Reason.WAYS: lambda match: (-len(match.ways),),
    Reason.TIME: lambda match: (match.first_common is None, match.first_common or match.first),
    Reason.FRESHNESS: lambda match: (-match.practised,),
    Reason.LOT: lambda match: (match.lot,),
}
"""The smaller comes first; each step only decides among those that all steps before it left equal."""


def in_order(match: Match) -> tuple[object, ...]:
    return tuple(part for step in STEPS.values() for part in step(match))


def shared_ways(wanted: Iterable[Way], offered: Iterable[Way]) -> tuple[Way, ...]:
    """In the order of all ways."""
    both = set(wanted) & set(offered)
    return tuple(way for way in Way if way in both)
