"""What mentors have earned, session by session, as the books have it: what a transfer is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session

from booking.models import Booking
from marketplace.core.money import Money
from payments.domain.ledger import Account, Kind
from payments.ledger_models import LedgerEntry, LedgerTransaction


@dataclass(frozen=True, slots=True)
class Earned:
    """`share` is the mentor's part of what was kept for the session: it took place, the mentee did not come, or it was
    cancelled late. `at` is since when; it does not change any more."""

    booking_id: int
    public_id: str
    mentor_id: int
    at: datetime
    share: Money


def earned(session: Session, mentor_id: int | None = None) -> list[Earned]:
    """Of one mentor or of all, in the order in which it was earned. What earned nothing is left out."""
    key = literal("session-") + cast(Booking.id, String) + "-kept"
    statement = (
        select(Booking, LedgerTransaction.booked_at, LedgerEntry.amount_minor, LedgerEntry.currency)
        .join(LedgerTransaction, LedgerTransaction.business_key == key)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.kind == Kind.SESSION_KEPT, LedgerEntry.account == Account.MENTOR_PAYABLE)
        .order_by(LedgerTransaction.id)
    )
    if mentor_id is not None:
        statement = statement.where(Booking.mentor_id == mentor_id)
    return [
        Earned(booking.id, booking.public_id, booking.mentor_id, at, Money(-minor, currency))
        for booking, at, minor, currency in session.execute(statement)
    ]
