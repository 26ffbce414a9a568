"""When the two may write about each other, and when that is read by others. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ENOUGH_SESSIONS = 2
"""That took place, fit calls not counted; one session of being listened to is enough too."""
BLIND = timedelta(days=7)
"""Nobody reads what the other one wrote before both have, or this long after the first."""
ASK_AFTER = timedelta(days=1)
LONGEST_REVIEW, LONGEST_HELP, LONGEST_ANSWER = 2000, 120, 1000


@dataclass(frozen=True, slots=True)
class Met:
    """What took place between the two."""

    sessions: int
    listened: int

    @property
    def is_enough(self) -> bool:
        return self.sessions >= ENOUGH_SESSIONS or self.listened > 0


def published_at(written: list[datetime]) -> datetime | None:
    """When what was written about each other is read by others; `written` has when each was first written, 0 to 2."""
    if not written:
        return None
    alone = min(written) + BLIND
    return min(alone, max(written)) if len(written) > 1 else alone


def may_write(met: Met, written: list[datetime], now: datetime) -> bool:
    """Also what was written already may be changed, until it is published; after that nothing is written, since it
    would be an answer to what was read."""
    at = published_at(written)
    return met.is_enough and (at is None or now < at)
