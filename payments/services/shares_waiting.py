"""What a mentor was paid by a session is taken back while a bank has the money, and is theirs again once it has
decided, whatever it decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.models.disputes import Dispute
from payments.models.returns import TakenBack
from payments.queries.transfers import due_of, share_of
from payments.services.rows import SoldRows
from payments.services.take_back import Taking, give_again, take_back


def keep_waiting(session: Session, rows: SoldRows, dispute: Dispute, *, now: datetime) -> None:
    """All of it that went to the mentor or is on its way; what has not left waits by itself. Once for a dispute."""
    gone = _with_mentor(session, rows.booking.id)
    if gone is not None:
        take_back(session, rows, Taking(_key(rows, dispute), gone, Account.MENTOR_WAITING), now=now)


def give_what_waited(session: Session, rows: SoldRows, dispute: Dispute, *, now: datetime) -> None:
    """What was taken back for this dispute, if anything was. Once."""
    key = _key(rows, dispute)
    taken = session.execute(select(TakenBack).where(TakenBack.business_key == key)).scalar_one_or_none()
    if taken is not None:
        amount = Money(taken.amount_minor, taken.currency)
        give_again(session, rows, Taking(f"{key}-again", amount, Account.MENTOR_WAITING), now=now)


def _key(rows: SoldRows, dispute: Dispute) -> str:
    return f"dispute-{dispute.stripe_dispute_id}-{rows.booking.public_id}"


def _with_mentor(session: Session, booking_id: int) -> Money | None:
    """What was earned by it, less what was taken back of that and what has not left."""
    share, due = share_of(session, booking_id), due_of(session, booking_id)
    if share is None or due is None:
        return None
    taken = select(func.coalesce(func.sum(TakenBack.amount_minor), 0)).where(TakenBack.booking_id == booking_id)
    return share - due - Money(int(session.scalar(taken) or 0), share.currency)
