"""Reads of what mentors owe: what was paid to them and is taken back, and has not come yet."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.domain.states import ReversalStatus, TransferStatus
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.payouts import Transfer
from payments.models.returns import TransferReversal
from payments.models.sales import Payment, Purchase

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
    """What may be kept of what they earn next: all that is owed, but for what Stripe is asked to take back. Who keeps
    it holds the mentor's lock, so that it is kept once."""
    owed = sum(each.minor for each in owed_by(session, mentor_id) if each.currency == currency)
    asked = session.scalar(
        select(func.sum(TransferReversal.amount_minor))
        .join(Transfer, Transfer.id == TransferReversal.transfer_id)
        .where(Transfer.mentor_id == mentor_id, TransferReversal.currency == currency)
        .where(TransferReversal.status == ReversalStatus.OWED)
    )
    return Money(max(0, owed - int(asked or 0)), currency)


def all_owed(session: Session) -> list[tuple[str, Money]]:
    """By mentor's name and currency, those who owe something."""
    total = func.sum(LedgerEntry.amount_minor)
    statement = (
        select(User.name, LedgerEntry.currency, total)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(Payment, Payment.id == LedgerTransaction.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(User, User.id == Purchase.mentor_id)
        .where(LedgerEntry.account == Account.MENTOR_RECEIVABLE)
        .group_by(User.id, User.name, LedgerEntry.currency)
        .having(total > 0)
        .order_by(User.name, LedgerEntry.currency)
    )
    return [(name, Money(int(minor), currency)) for name, currency, minor in session.execute(statement)]


def all_nettable(session: Session) -> Counter[tuple[int, str]]:
    """The same for everybody, in minor units by mentor and currency; only to be shown."""
    booked = (
        select(Purchase.mentor_id, LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(Payment, Payment.id == LedgerTransaction.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .where(LedgerEntry.account == Account.MENTOR_RECEIVABLE)
        .group_by(Purchase.mentor_id, LedgerEntry.currency)
    )
    asked = (
        select(Transfer.mentor_id, TransferReversal.currency, func.sum(TransferReversal.amount_minor))
        .join(Transfer, Transfer.id == TransferReversal.transfer_id)
        .where(TransferReversal.status == ReversalStatus.OWED)
        .group_by(Transfer.mentor_id, TransferReversal.currency)
    )
    found: Counter[tuple[int, str]] = Counter()
    for statement, sign in ((booked, 1), (asked, -1)):
        for mentor_id, currency, minor in session.execute(statement):
            found[mentor_id, currency] += sign * int(minor)
    return found


def taken_back_by_us(session: Session) -> dict[str, int]:
    """By Stripe's id of a transfer: minor units that it has taken back of it since we asked."""
    statement = (
        select(Transfer.stripe_transfer_id, func.sum(TransferReversal.amount_minor))
        .join(Transfer, Transfer.id == TransferReversal.transfer_id)
        .where(TransferReversal.status == ReversalStatus.MADE)
        .group_by(Transfer.stripe_transfer_id)
    )
    return {str(transfer): int(minor) for transfer, minor in session.execute(statement)}


def asked_back_of(transfer_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """As an expression: what Stripe is asked to take back of a transfer, which is kept when that does not go."""
    asked = select(func.coalesce(func.sum(TransferReversal.amount_minor), 0))
    owed = TransferReversal.status == ReversalStatus.OWED
    return asked.where(TransferReversal.transfer_id == transfer_id, owed).scalar_subquery()


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
