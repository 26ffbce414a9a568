"""What a mentor has earned by a session is transferred once: owed with its command, and booked when Stripe has made it.

The rows only; `payments/paying.py` speaks to Stripe in between.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models import Booking
from marketplace.core.db import Json
from marketplace.core.money import Money
from payments.domain.states import CommandStatus, TransferStatus
from payments.domain.transfers import TransferState, draws_on_charge, may_transfer
from payments.models import Payment, StripeCommand
from payments.payout_models import PayoutAccount, Transfer
from payments.services.commands import want
from payments.services.ledger import book_transfer
from payments.services.rows import lock_sold
from payments.transfer_queries import share_of, takings_of

OWED, SENT = TransferStatus.OWED, TransferStatus.SENT
_FRESH = {"populate_existing": True}


def owe_transfer(session: Session, booking_id: int, charge: str | None, *, now: datetime) -> Transfer | None:
    """Once for a session, however often it is called. None if nothing was earned, if Stripe knows no account of the
    mentor, or if the share is more than is left of the payment. It draws on the charge if that has enough."""
    rows = lock_sold(session, booking_id)
    there = session.scalar(select(Transfer).where(Transfer.booking_id == booking_id))
    if there is not None:
        return there
    share, account = share_of(session, booking_id), session.get(PayoutAccount, rows.booking.mentor_id)
    if rows.payment is None or share is None or account is None or account.stripe_account_id is None:
        return None
    takings = takings_of(session, rows.payment)
    if not may_transfer(share, takings):
        return None
    source = charge if draws_on_charge(share, takings) else None
    return _owed(session, rows.payment, rows.booking, account.stripe_account_id, share, source, now)


def _owed(
    session: Session, payment: Payment, booking: Booking, account: str, share: Money, charge: str | None, now: datetime
) -> Transfer:
    reference = f"transfer-{payment.public_id}-{booking.public_id}"
    params: Json = {
        "amount": share.minor,
        "currency": share.currency.lower(),
        "destination": account,
        "transfer_group": payment.public_id,
        "metadata": {"transfer": reference},
    }
    if charge is not None:
        params["source_transaction"] = charge
    transfer = Transfer(
        booking_id=booking.id,
        payment_id=payment.id,
        mentor_id=booking.mentor_id,
        status=OWED,
        amount_minor=share.minor,
        currency=share.currency,
        command_id=want(session, "transfer", reference, params, now=now),
        created_at=now,
        looked_at=now,
    )
    session.add(transfer)
    session.flush()
    return transfer


def ask_again(session: Session, booking_id: int, *, now: datetime) -> None:
    """A new command for a transfer that Stripe refused; nothing for any other."""
    lock_sold(session, booking_id)
    statement = select(Transfer, StripeCommand).join(StripeCommand, StripeCommand.id == Transfer.command_id)
    row = session.execute(statement.where(Transfer.booking_id == booking_id), execution_options=_FRESH).one_or_none()
    if row is None or row.StripeCommand.status != CommandStatus.REFUSED or row.Transfer.status == SENT:
        return
    first = row.StripeCommand.business_key.partition(":")[0]
    asked = select(func.count()).where(StripeCommand.business_key.startswith(first, autoescape=True))
    reference = f"{first}:again-{session.scalar(asked)}"
    metadata = {"transfer": reference}
    command_id = want(session, "transfer", reference, {**row.StripeCommand.params, "metadata": metadata}, now=now)
    assert command_id is not None, "the sale is locked, so nobody else counts"
    row.Transfer.command_id = command_id
    session.flush()


def apply_transfer(session: Session, transfer_id: int, state: TransferState, *, now: datetime) -> None:
    """Stripe has made it, and it is booked in the same transaction; nothing, the second time."""
    known = session.get_one(Transfer, transfer_id)
    rows = lock_sold(session, known.booking_id)
    transfer = session.scalars(select(Transfer).where(Transfer.id == transfer_id), execution_options=_FRESH).one()
    if transfer.status == SENT or rows.payment is None:
        return
    transfer.status, transfer.stripe_transfer_id, transfer.sent_at = SENT, state.id, now
    session.flush()
    book_transfer(session, rows.payment, transfer.id, transfer.amount, now=now)


def note_try(session: Session, transfer_id: int, *, now: datetime) -> None:
    """Before Stripe is asked: if it does not go through, it is not tried again at once."""
    transfer = session.get_one(Transfer, transfer_id)
    lock_sold(session, transfer.booking_id)
    transfer.looked_at = max(transfer.looked_at, now)
    session.flush()
