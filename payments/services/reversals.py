"""What Stripe is asked to take back of a transfer: owed with its command, made, or left to be netted.

The rows only; `payments/taking_back.py` speaks to Stripe in between.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.db import Json
from marketplace.core.jobs import enqueue
from marketplace.core.money import Money
from payments.domain.states import ReversalStatus, TransferStatus
from payments.domain.transfers import ReversalState
from payments.models.payouts import Transfer
from payments.models.returns import TakenBack, TransferReversal
from payments.services.commands import free_key, want, withdraw
from payments.services.ledger import book_reversal
from payments.services.rows import SoldRows, lock_sold

OWED, MADE, LEFT = ReversalStatus.OWED, ReversalStatus.MADE, ReversalStatus.LEFT
_FRESH = {"populate_existing": True}


def want_reversals(session: Session, taken: TakenBack, *, now: datetime) -> None:
    """Of the transfers of that session, the newest first, until what is owed is asked for; what is not in them was
    kept before it went, and is kept again from what comes next."""
    left = taken.owed
    statement = select(Transfer).where(Transfer.booking_id == taken.booking_id, Transfer.command_id.is_not(None))
    going = statement.where(Transfer.status.in_([TransferStatus.OWED, TransferStatus.SENT]))
    for transfer in session.scalars(going.order_by(Transfer.number.desc()), execution_options=_FRESH):
        part = min(left, transfer.amount - _asked_of(session, transfer))
        if part.minor > 0:
            _want(session, transfer, taken, part, now)
            left = left - part


def _asked_of(session: Session, transfer: Transfer) -> Money:
    asked = select(func.sum(TransferReversal.amount_minor)).where(TransferReversal.transfer_id == transfer.id)
    return Money(int(session.scalar(asked.where(TransferReversal.status != LEFT)) or 0), transfer.currency)


def _want(session: Session, transfer: Transfer, taken: TakenBack, amount: Money, now: datetime) -> None:
    reference = free_key(session, f"reversal-{taken.business_key}")
    params: Json = {"amount": amount.minor, "metadata": {"reversal": reference}}
    command_id = want(session, "reversal", reference, params, now=now)
    reversal = TransferReversal(
        transfer_id=transfer.id,
        taken_back_id=taken.id,
        status=OWED,
        amount_minor=amount.minor,
        currency=amount.currency,
        command_id=command_id,
        created_at=now,
        looked_at=now,
    )
    session.add(reversal)
    session.flush()
    enqueue(session, "payments:take_back", reversal_id=reversal.id)


def note_try(session: Session, reversal_id: int, *, now: datetime) -> None:
    """Before Stripe is asked: if it does not go through, it is not tried again at once."""
    _, reversal = _locked(session, reversal_id)
    reversal.looked_at = max(reversal.looked_at, now)
    session.flush()


def apply_reversal(session: Session, reversal_id: int, state: ReversalState, *, now: datetime) -> None:
    """Stripe has taken it back, and it is booked in the same transaction; nothing, the second time."""
    rows, reversal = _locked(session, reversal_id)
    if reversal.status != OWED or rows.payment is None:
        return
    reversal.status, reversal.stripe_reversal_id, reversal.made_at = MADE, state.id, now
    session.flush()
    book_reversal(session, rows.payment, reversal, now=now)


def leave_reversal(session: Session, reversal_id: int, part: Money, *, now: datetime) -> None:
    """Stripe has refused it. That part of it is asked for anew; the rest is kept of what the mentor earns next."""
    _, reversal = _locked(session, reversal_id)
    if reversal.status != OWED:
        return
    reversal.status = LEFT
    session.flush()
    if part.minor > 0:
        transfer = session.get_one(Transfer, reversal.transfer_id)
        _want(session, transfer, session.get_one(TakenBack, reversal.taken_back_id), part, now)


def leave_unsent(session: Session, transfer: Transfer) -> None:
    """A transfer that Stripe refused is to go with less: what was to be taken back of it is kept before it goes."""
    owed = select(TransferReversal).where(TransferReversal.transfer_id == transfer.id, TransferReversal.status == OWED)
    for reversal in session.scalars(owed, execution_options=_FRESH):
        withdraw(session, reversal.command_id)
        reversal.status = LEFT
    session.flush()


def _locked(session: Session, reversal_id: int) -> tuple[SoldRows, TransferReversal]:
    known = session.get_one(TransferReversal, reversal_id)
    rows = lock_sold(session, session.get_one(Transfer, known.transfer_id).booking_id)
    statement = select(TransferReversal).where(TransferReversal.id == reversal_id)
    return rows, session.scalars(statement, execution_options=_FRESH).one()
