"""What became of a session: from what its two people said, what an operator decided, and the clock. Pure.

It can be asked at any time: whoever needs to know asks, and no timer has to have run before. *Until* leaves the moment
itself out: what may be said until noon may not be said at noon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from booking.domain.states import BookingStatus

MISSED_AFTER = timedelta(minutes=10)
"""So long after the start it can be said that somebody is not there."""
WINDOW = timedelta(hours=48)
"""So long after the end it can be said how it was."""
TO_ANSWER = timedelta(hours=24)
"""So long at least there is to say something to what the other one has said."""


class Side(StrEnum):
    MENTEE = "mentee"
    MENTOR = "mentor"

    @property
    def other(self) -> Side:
        return Side.MENTOR if self is Side.MENTEE else Side.MENTEE


class Said(StrEnum):
    OTHER_MISSING = "other_missing"
    """The other one did not come."""
    WAS_MISSING = "was_missing"
    """I did not come."""
    TOOK_PLACE = "took_place"
    """It took place as it should; also to take back what one has said."""
    PROBLEM = "problem"
    """It took place, and something was wrong with it."""


class Decision(StrEnum):
    """What an operator finds."""

    TOOK_PLACE = "took_place"
    MENTEE_MISSING = "mentee_missing"
    MENTOR_MISSING = "mentor_missing"
    BOTH_MISSING = "both_missing"
    ALL_BACK = "all_back"
    """It took place, and all goes back."""


S = BookingStatus
DECIDED: Mapping[Decision, BookingStatus] = MappingProxyType(
    {
        Decision.TOOK_PLACE: S.COMPLETED,
        Decision.MENTEE_MISSING: S.NO_SHOW_MENTEE,
        Decision.MENTOR_MISSING: S.NO_SHOW_MENTOR,
        Decision.BOTH_MISSING: S.NO_SHOW_BOTH,
        Decision.ALL_BACK: S.COMPLETED,
    }
)
_WITHOUT: Mapping[frozenset[Side], BookingStatus] = MappingProxyType(
    {
        frozenset[Side](): S.COMPLETED,
        frozenset({Side.MENTEE}): S.NO_SHOW_MENTEE,
        frozenset({Side.MENTOR}): S.NO_SHOW_MENTOR,
        frozenset({Side.MENTEE, Side.MENTOR}): S.NO_SHOW_BOTH,
    }
)


@dataclass(frozen=True, slots=True)
class Claim:
    side: Side
    said: Said
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a session that was confirmed and not called off. `claims` in the order in which they were said."""

    starts_at: datetime
    ends_at: datetime
    claims: tuple[Claim, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`silence_at`: when it goes on by itself if nobody says anything more; None once it is final, and while an
    operator is waited for."""

    status: BookingStatus
    is_final: bool = False
    waits_for_operator: bool = False
    silence_at: datetime | None = None


def outcome(facts: Facts, now: datetime) -> Outcome:
    if facts.decision is not None:
        return Outcome(DECIDED[facts.decision], is_final=True)
    if now < facts.ends_at:
        return Outcome(S.CONFIRMED, silence_at=facts.ends_at)
    becomes, closes = by_silence(facts), hearing_until(facts)
    if becomes is None:
        is_heard = missing_of(facts) is None or now >= closes or _is_answered(facts)
        return Outcome(S.COMPLETED, waits_for_operator=is_heard, silence_at=None if is_heard else closes)
    if now >= closes or _is_agreed(facts):
        return Outcome(becomes, is_final=True)
    return Outcome(S.COMPLETED, silence_at=closes)


def by_silence(facts: Facts) -> BookingStatus | None:
    """What it becomes if nobody says anything more; None if an operator has to decide."""
    missing = missing_of(facts)
    problem = any(claim.said is Said.PROBLEM for claim in facts.claims)
    return None if problem or missing is None else _WITHOUT[missing]


def missing_of(facts: Facts) -> frozenset[Side] | None:
    """Who did not come, by what was said; who says nothing accepts. None if the two contradict each other."""
    last = _last(facts)
    gone = {side for side, said in last.items() if said is Said.WAS_MISSING}
    gone |= {side.other for side, said in last.items() if said is Said.OTHER_MISSING}
    came = {side for side, said in last.items() if said is Said.OTHER_MISSING}
    if Said.TOOK_PLACE in last.values():
        came |= set(Side)
    return None if gone & came else frozenset(gone)


def hearing_until(facts: Facts) -> datetime:
    """When silence is taken for consent."""
    return max(may_speak_until(facts, side) for side in Side)


def may_speak_until(facts: Facts, side: Side) -> datetime:
    """The window after the end, and as long as it takes to answer what the other one has said."""
    answers = [claim.at + TO_ANSWER for claim in facts.claims if claim.side is side.other]
    return max([facts.ends_at + WINDOW, *answers])


def may_say(facts: Facts, side: Side, now: datetime) -> frozenset[Said]:
    """What this side can say now; each thing once."""
    began = now >= facts.starts_at + MISSED_AFTER
    if not began or now >= may_speak_until(facts, side) or outcome(facts, now).is_final:
        return frozenset()
    open_now = {Said.OTHER_MISSING, Said.WAS_MISSING}
    if facts.claims:
        open_now.add(Said.TOOK_PLACE)
    if facts.ends_at <= now < facts.ends_at + WINDOW:
        open_now.add(Said.PROBLEM)
    return frozenset(open_now - {claim.said for claim in facts.claims if claim.side is side})


def waits_for_answer_of(facts: Facts, side: Side, now: datetime) -> bool:
    """Whether the other one has said something that this side has not answered yet, and still can."""
    if not may_say(facts, side, now) or outcome(facts, now).waits_for_operator:
        return False
    mine = [claim.at for claim in facts.claims if claim.side is side]
    theirs = [claim.at for claim in facts.claims if claim.side is side.other and claim.said is not Said.TOOK_PLACE]
    return bool(theirs) and (not mine or mine[-1] < theirs[-1])


def _last(facts: Facts) -> dict[Side, Said]:
    """What each says about who came: the last word counts."""
    return {claim.side: claim.said for claim in facts.claims if claim.said is not Said.PROBLEM}


def _is_answered(facts: Facts) -> bool:
    """Whether the other side has said anything after each problem."""
    return all(
        any(each.side is claim.side.other and each.at >= claim.at for each in facts.claims)
        for claim in facts.claims
        if claim.said is Said.PROBLEM
    )


def _is_agreed(facts: Facts) -> bool:
    """Both have spoken, and whoever was missing says so too."""
    last, missing = _last(facts), missing_of(facts) or frozenset()
    return bool(missing) and len(last) == len(Side) and all(last[side] is Said.WAS_MISSING for side in missing)
