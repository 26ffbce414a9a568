"""Reads of what mentors owe: what was paid to them and is taken back, and has not come yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.domain.states import ReversalStatus, TransferStatus
from payments.ledger_models import LedgerEntry, LedgerTransaction
from payments.models import Payment, Purchase
from payments.payout_models import Transfer
from payments.return_models import TransferReversal

TRY_AGAIN_AFTER = timedelta(minutes=5)


def owed_by(session: Session, mentor_id: int) -> list[Money]:
    """By currency, as it was booked; what Stripe is just asked to take back is in it."""
    statement = (
        select(LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(Payment, Payment.id == LedgerTransaction.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .where(LedgerEntry.account == Account.MENTOR_RECEIVABLE, Purchase.mentor_id == mentor_id)
        .group_by(LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    return [Money(int(minor), currency) for currency, minor in session.execute(statement) if minor]


def nettable(session: Session, mentor_id: int, currency: str) -> Money:
    """What may be kept of what they earn next: all that is owed, but for what Stripe is asked to take back. The caller
    holds the mentor's lock, so that it is kept once."""
    owed = sum(each.minor for each in owed_by(session, mentor_id) if each.currency == currency)
    asked = session.scalar(
        select(func.sum(TransferReversal.amount_minor))
        .join(Transfer, Transfer.id == TransferReversal.transfer_id)
        .where(Transfer.mentor_id == mentor_id, TransferReversal.currency == currency)
        .where(TransferReversal.status == ReversalStatus.OWED)
    )
    return Money(max(0, owed - int(asked or 0)), currency)


def reversals_to_ask_for(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Owed, of transfers that were made, and not just tried."""
    statement = (
        select(TransferReversal.id)
        .join(Transfer, Transfer.id == TransferReversal.transfer_id)
        .where(TransferReversal.status == ReversalStatus.OWED, Transfer.status == TransferStatus.SENT)
        .where(TransferReversal.looked_at <= now - TRY_AGAIN_AFTER)
        .order_by(TransferReversal.looked_at)
        .limit(limit)
    )
    return list(session.scalars(statement))
