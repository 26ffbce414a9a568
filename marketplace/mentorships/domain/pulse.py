"""How a mentorship is doing, from what its weeks say. Pure; only its mentor reads it, and it ranks nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.mentorships.domain.states import Stage

FRESH = timedelta(days=15)
"""For as long a check-in says how it is: two weeks, and a day for who is late."""
QUIET = timedelta(days=21)
"""Who has not met for as long and has nothing booked has stalled."""
GOOD = 7
"""Progress of 10 with which somebody thrives, even if it was better before."""


class Pulse(StrEnum):
    THRIVES = "thrives"
    STEADY = "steady"
    STALLS = "stalls"
    STUCK = "stuck"
    RESTS = "rests"


@dataclass(frozen=True, slots=True)
class Week:
    """A check-in."""

    at: datetime
    progress: int
    is_stuck: bool


def pulse(
    stage: Stage,
    weeks: Sequence[Week],
    *,
    last_met_at: datetime | None,
    has_next: bool,
    began_at: datetime,
    now: datetime,
) -> Pulse:
    """`weeks` in their order."""
    if stage in (Stage.PAUSED, Stage.COMPLETED, Stage.ENDED):
        return Pulse.RESTS
    fresh = [week for week in weeks if now - week.at <= FRESH]
    if fresh and fresh[-1].is_stuck:
        return Pulse.STUCK
    if not has_next and not fresh and now - (last_met_at or began_at) > QUIET:
        return Pulse.STALLS
    if fresh and (fresh[-1].progress >= GOOD or is_rising(weeks)):
        return Pulse.THRIVES
    return Pulse.STEADY


def is_rising(weeks: Sequence[Week]) -> bool:
    return len(weeks) > 1 and weeks[-1].progress > weeks[-2].progress


def in_order_of_need(pulses: Pulse) -> int:
    """Who needs something comes first."""
    return (Pulse.STUCK, Pulse.STALLS, Pulse.STEADY, Pulse.THRIVES, Pulse.RESTS).index(pulses)
