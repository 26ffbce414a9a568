"""The books: transactions of two entries at least, only ever added to (rule `books_balance`).

The database keeps them: entries come only in the database transaction that made theirs, sum to zero in each currency
when it commits, and neither table is ever changed or emptied (migration 0005).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, FetchedValue, ForeignKey, Identity, SmallInteger, func
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from booking.models.bookings import listed
from marketplace.core.db import Base
from payments.domain.ledger import Account, Kind
from payments.domain.settle import KEPT_KEY
from payments.models.sales import Payment, Refund


class LedgerTransaction(Base):
    """One fact, booked once: `business_key` names it."""

    __tablename__ = "ledger_transaction"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    business_key: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey(Payment.id), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey(Refund.id), index=True)
    booked_at: Mapped[datetime]
    created_xid: Mapped[int] = mapped_column(server_default=FetchedValue())
    """PostgreSQL's number of the database transaction that made it, set by a trigger."""

    __table_args__ = (
        CheckConstraint(f"kind IN ({listed(Kind)})", name="ledger_kind_is_known"),
        CheckConstraint("num_nonnulls(payment_id, refund_id) = 1", name="ledger_books_one_thing"),
    )


class LedgerEntry(Base):
    """`amount_minor` is signed: what comes to the account is positive."""

    __tablename__ = "ledger_entry"

    transaction_id: Mapped[int] = mapped_column(ForeignKey(LedgerTransaction.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account: Mapped[str] = mapped_column(index=True)
    amount_minor: Mapped[int]
    currency: Mapped[str]

    __table_args__ = (
        CheckConstraint(f"account IN ({listed(Account)})", name="ledger_account_is_known"),
        CheckConstraint("amount_minor <> 0", name="entry_is_something"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
    )


def books_what_was_kept_for(booking_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """As a condition: `kept_key` of the session, in SQL."""
    return LedgerTransaction.business_key == func.concat(KEPT_KEY[0], booking_id, KEPT_KEY[1])
