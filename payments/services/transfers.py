"""What a mentor has earned by a session is transferred once, less what they owe: owed with its command, and booked when
Stripe has made it.

The rows only; `payments/paying.py` speaks to Stripe in between.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.core.db import Json
from marketplace.core.money import Money
from payments.domain.states import TransferStatus
from payments.domain.transfers import TransferState, draws_on_charge, may_transfer, net
from payments.models.exchanges import Exchange
from payments.models.payouts import PayoutAccount, Transfer
from payments.models.sales import Payment, StripeCommand
from payments.queries.disputes import is_gone, payment_is_disputed
from payments.queries.owed import nettable
from payments.queries.transfers import due_of, takings_of, unsent_of
from payments.services.commands import free_key, is_refused, want, withdraw
from payments.services.ledger import book_netted, book_transfer
from payments.services.reversals import leave_unsent
from payments.services.rows import lock_sold

OWED, SENT, NETTED = TransferStatus.OWED, TransferStatus.SENT, TransferStatus.NETTED
_FRESH = {"populate_existing": True}


def owe_transfer(session: Session, booking_id: int, charge: str | None, *, now: datetime) -> Transfer | None:
    """Once for what was earned, however often it is called. None if nothing is due, if Stripe knows no account of the
    mentor, if the payment is disputed, if it was settled in another currency and no operator has decided, or if what is
    due is more than is left of it. It draws on the charge if that has enough, and no bank has it for good."""
    rows = lock_sold(session, booking_id)
    there = unsent_of(session, booking_id)
    if there is not None:
        return there
    share, account = due_of(session, booking_id), session.get(PayoutAccount, rows.booking.mentor_id)
    if rows.payment is None or share is None or account is None or account.stripe_account_id is None:
        return None
    takings, exchange = takings_of(session, rows.payment), session.get(Exchange, rows.payment.id)
    waits = exchange is not None and exchange.released_at is None
    if waits or payment_is_disputed(session, rows.payment.id) or not may_transfer(share, takings):
        return None
    draws = exchange is None and draws_on_charge(share, takings) and not is_gone(session, rows.payment)
    params = _params(rows.payment, account.stripe_account_id, charge if draws else None)
    return _owed(session, rows.payment, rows.booking, share, params, now)


def _params(payment: Payment, account: str, source: str | None) -> Json:
    return {
        "currency": payment.currency.lower(),
        "destination": account,
        "transfer_group": payment.public_id,
        **({"source_transaction": source} if source is not None else {}),
    }


def _without_source(params: Json) -> Json:
    """Nothing can be transferred out of what Stripe has exchanged."""
    return {name: told for name, told in params.items() if name != "source_transaction"}


def _owed(session: Session, payment: Payment, booking: Booking, share: Money, params: Json, now: datetime) -> Transfer:
    parts = net(share, nettable(session, booking.mentor_id, share.currency))
    first = f"transfer-{payment.public_id}-{booking.public_id}"
    transfer = Transfer(
        booking_id=booking.id,
        payment_id=payment.id,
        mentor_id=booking.mentor_id,
        number=next_number(session, booking.id),
        status=OWED if parts.sent else NETTED,
        amount_minor=parts.sent.minor,
        netted_minor=parts.kept.minor,
        currency=share.currency,
        command_id=_command(session, first, params, parts.sent, now) if parts.sent else None,
        created_at=now,
        looked_at=now,
    )
    session.add(transfer)
    session.flush()
    if parts.kept:
        book_netted(session, payment, transfer.id, parts.kept, netted_minor=parts.kept.minor, now=now)
    return transfer


def next_number(session: Session, booking_id: int) -> int:
    last = session.scalar(select(func.max(Transfer.number)).where(Transfer.booking_id == booking_id))
    return (last or 0) + 1


def _command(session: Session, first: str, params: Json, amount: Money, now: datetime) -> int:
    """`first` is the business key, unless it was wanted before."""
    reference = free_key(session, first)
    told = {**params, "amount": amount.minor, "metadata": {"transfer": reference}}
    command_id = want(session, "transfer", reference, told, now=now)
    assert command_id is not None, "the sale is locked, so nobody else counts"
    return command_id


def is_stopped(session: Session, transfer: Transfer) -> bool:
    """True if it was never sent, and now never will be as it is."""
    return transfer.command_id is not None and withdraw(session, transfer.command_id)


def lessen(session: Session, payment: Payment, transfer: Transfer, less: Money, *, netted: bool, now: datetime) -> None:
    """A stopped one goes under a new command with less; `netted`: what is less is kept for what the mentor owes.

    Of which nothing is left, it does not go at all.
    """
    assert transfer.command_id is not None
    stopped = session.get_one(StripeCommand, transfer.command_id)
    transfer.amount_minor -= less.minor
    if netted:
        transfer.netted_minor += less.minor
        if less:
            book_netted(session, payment, transfer.id, less, netted_minor=transfer.netted_minor, now=now)
    if transfer.amount_minor:
        first = stopped.business_key.partition(":")[0]
        params = _without_source(stopped.params) if session.get(Exchange, payment.id) else stopped.params
        transfer.command_id = _command(session, first, params, transfer.amount, now)
    elif transfer.netted_minor:
        transfer.status, transfer.command_id = NETTED, None
    else:
        session.delete(transfer)
    session.flush()


def ask_again(session: Session, booking_id: int, *, now: datetime) -> bool:
    """A new command for a transfer that Stripe refused, less what the mentor owes by now; False if there is none."""
    rows = lock_sold(session, booking_id)
    transfer = unsent_of(session, booking_id)
    if transfer is None or rows.payment is None or transfer.command_id is None:
        return False
    if not is_refused(session, transfer.command_id) and not _draws_in_vain(session, rows.payment, transfer):
        return False
    net_again(session, rows.payment, transfer, now=now)
    return True


def _draws_in_vain(session: Session, payment: Payment, transfer: Transfer) -> bool:
    """It was stored before it was known that Stripe has exchanged its payment, and never sent."""
    command = session.get_one(StripeCommand, transfer.command_id)
    in_vain = "source_transaction" in command.params and session.get(Exchange, payment.id) is not None
    return in_vain and is_stopped(session, transfer)


def net_again(session: Session, payment: Payment, transfer: Transfer, *, now: datetime) -> None:
    """Of one that Stripe refused, what the mentor has come to owe is kept, and the rest gets a new command."""
    leave_unsent(session, transfer)
    kept = net(transfer.amount, nettable(session, transfer.mentor_id, transfer.currency)).kept
    lessen(session, payment, transfer, kept, netted=True, now=now)


def apply_transfer(session: Session, transfer_id: int, state: TransferState, *, now: datetime) -> None:
    """Stripe has made it, and it is booked in the same transaction; nothing, the second time."""
    known = session.get_one(Transfer, transfer_id)
    rows = lock_sold(session, known.booking_id)
    transfer = session.scalars(select(Transfer).where(Transfer.id == transfer_id), execution_options=_FRESH).one()
    if transfer.status != OWED or rows.payment is None:
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
