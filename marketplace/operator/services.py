"""What the operator decides about mentors. The mentor is told in the same transaction, and not at night."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.services.notify import reach_applicant_at
from marketplace.core import mail
from marketplace.core.audit import AuditEntry
from marketplace.mentors.domain.states import Move
from marketplace.mentors.services import moves

_WITH_REASON = {Move.ASK_CHANGES: moves.ask_changes, Move.SUSPEND: moves.suspend, Move.LIFT: moves.lift}


def decide(
    session: Session, mentor_id: int, move: Move, *, read: int, reason: str, operator_id: int, now: datetime
) -> None:
    """`read` is the revision of the profile that the operator has read. Raises NotNow, ProfileChanged."""
    if move is Move.APPROVE:
        entry = moves.approve(session, mentor_id, read=read, reason=reason, actor_id=operator_id, now=now)
    else:
        entry = _WITH_REASON[move](session, mentor_id, reason=reason, actor_id=operator_id, now=now)
    _tell(session, entry, mentor_id, now)


def _tell(session: Session, entry: AuditEntry, mentor_id: int, now: datetime) -> None:
    """A decision is not urgent: the letter waits for working time (rule quiet_hours)."""
    due_at = reach_applicant_at(session, mentor_id, now=now)
    mail.post(session, entry.what, key=str(entry.id), user_id=mentor_id, now=now, due_at=due_at, reason=entry.reason)
