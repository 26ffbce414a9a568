"""When the two may write to each other, and how much. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from marketplace.mentorships.domain.states import Standing

LONGEST_MESSAGE = 4000
MOST_AN_HOUR = 30
"""Of one person to one other: beyond that it is no conversation."""
PER_PAGE = 40


class Closed(StrEnum):
    """Why nothing can be written."""

    GONE = "gone"
    """The other one has closed their account."""
    BLOCKED_BY_ME = "blocked_by_me"
    BLOCKED = "blocked"
    """The other one wants no messages."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Between:
    """What stands between somebody and the other one of a pair. `meets`: a session of theirs is still ahead."""

    standing: Standing
    meets: bool
    other_is_gone: bool
    i_block: bool
    other_blocks: bool


def why_closed(between: Between) -> Closed | None:
    """None while they may write. Who meets has something to say to each other, even after the end."""
    if between.other_is_gone:
        return Closed.GONE
    if between.i_block:
        return Closed.BLOCKED_BY_ME
    if between.other_blocks:
        return Closed.BLOCKED
    return Closed.ENDED if between.standing is Standing.ENDED and not between.meets else None
