"""Where a mentorship stands: what its two people decided, and, while they decided nothing, what has happened. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Standing(StrEnum):
    """What the two people decided; kept on the row."""

    OPEN = "open"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended"


class Stage(StrEnum):
    """What people read."""

    PROPOSED = "proposed"
    TRIAL = "trial"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended"


OVER = frozenset({Standing.COMPLETED, Standing.ENDED})
ENOUGH_MEETINGS = 2
"""Who has met as often goes on together, whether or not they have written down how."""

MOVES: Mapping[Stage, frozenset[Standing]] = MappingProxyType(
    {
        Stage.PROPOSED: frozenset({Standing.ENDED}),
        Stage.TRIAL: frozenset({Standing.COMPLETED, Standing.ENDED}),
        Stage.ACTIVE: frozenset({Standing.PAUSED, Standing.COMPLETED, Standing.ENDED}),
        Stage.PAUSED: frozenset({Standing.OPEN, Standing.COMPLETED, Standing.ENDED}),
        Stage.COMPLETED: frozenset({Standing.OPEN}),
        Stage.ENDED: frozenset({Standing.OPEN}),
    }
)
"""What either of the two may decide, alone and without a reason."""


def stage(standing: Standing, *, met: int, agreed: bool) -> Stage:
    """`met` counts the sessions that took place, fit calls too; `agreed`: both accept how they work together."""
    if standing is not Standing.OPEN:
        return Stage(standing)
    if agreed or met >= ENOUGH_MEETINGS:
        return Stage.ACTIVE
    return Stage.TRIAL if met else Stage.PROPOSED
