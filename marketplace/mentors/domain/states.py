"""What becomes of a mentor: who may do what in which state. Pure; `docs/people.md` has the same as a table."""

from __future__ import annotations

from enum import StrEnum


class MentorStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CHANGES_WANTED = "changes_wanted"
    PAUSED = "paused"
    SUSPENDED = "suspended"


class Move(StrEnum):
    """The first four are the mentor's own, the others the operator's."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PAUSE = "pause"
    RESUME = "resume"
    APPROVE = "approve"
    ASK_CHANGES = "ask_changes"
    SUSPEND = "suspend"
    LIFT = "lift"


_S, _M = MentorStatus, Move
MENTORS = frozenset({_M.SUBMIT, _M.WITHDRAW, _M.PAUSE, _M.RESUME})
OPERATORS = frozenset(_M) - MENTORS
NEED_A_REASON = frozenset({_M.ASK_CHANGES, _M.SUSPEND, _M.LIFT})
PUBLIC = frozenset({_S.APPROVED, _S.PAUSED})
"""Whose page everybody sees."""
HAVE_A_REASON = frozenset({_S.CHANGES_WANTED, _S.SUSPENDED})
"""In these states the mentor reads why."""

# Lifting is not here: it leads back to the state that was suspended.
_LEADS_TO: dict[tuple[MentorStatus, Move], MentorStatus] = {
    (_S.DRAFT, _M.SUBMIT): _S.SUBMITTED,
    (_S.CHANGES_WANTED, _M.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _M.WITHDRAW): _S.DRAFT,
    (_S.SUBMITTED, _M.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, _M.ASK_CHANGES): _S.CHANGES_WANTED,
    (_S.APPROVED, _M.PAUSE): _S.PAUSED,
    (_S.PAUSED, _M.RESUME): _S.APPROVED,
    (_S.SUBMITTED, _M.SUSPEND): _S.SUSPENDED,
    (_S.CHANGES_WANTED, _M.SUSPEND): _S.SUSPENDED,
    (_S.APPROVED, _M.SUSPEND): _S.SUSPENDED,
    (_S.PAUSED, _M.SUSPEND): _S.SUSPENDED,
}
SUSPENDABLE = frozenset(status for status, move in _LEADS_TO if move is _M.SUSPEND)


def after(status: MentorStatus, move: Move, *, suspended_from: MentorStatus | None = None) -> MentorStatus | None:
    """The state that the move leads to, or None where it is not allowed."""
    if move is _M.LIFT:
        return suspended_from if status is _S.SUSPENDED else None
    return _LEADS_TO.get((status, move))


def moves_from(status: MentorStatus, whose: frozenset[Move]) -> list[Move]:
    """What the mentor, or the operator, can do now, in the order in which it is offered."""
    return [move for move in Move if move in whose and after(status, move, suspended_from=_S.DRAFT) is not None]
