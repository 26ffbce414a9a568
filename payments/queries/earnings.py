"""Every line of what a mentor has earned, and what is still to come."""

from __future__ import annotations

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.domain.earnings import EarnedLine, Moved
from payments.domain.ledger import Account, Kind
from payments.domain.states import PurchaseStatus, TransferStatus
from payments.models.ledger import LedgerEntry, LedgerTransaction, books_what_was_kept_for
from payments.models.payouts import Transfer
from payments.models.returns import TakenBack
from payments.models.sales import Purchase, PurchaseSession
from payments.queries.settling import paid_for


def earned_lines(session: Session, mentor_id: int) -> list[EarnedLine]:
    """What was earned last comes first."""
    went, taken = _went(mentor_id), _taken(mentor_id)
    rows = session.execute(
        select(
            Booking,
            User.name,
            LedgerTransaction.booked_at,
            LedgerEntry,
            Purchase,
            PurchaseSession,
            went.c.paid_at,
            went.c.transfer,
            *(func.coalesce(each, 0) for each in (taken.c.taken, taken.c.owed, went.c.kept, went.c.sent)),
        )
        .join(LedgerTransaction, books_what_was_kept_for(Booking.id))
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .join(User, User.id == Booking.mentee_id)
        .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .outerjoin(went, went.c.booking_id == Booking.id)
        .outerjoin(taken, taken.c.booking_id == Booking.id)
        .where(Booking.mentor_id == mentor_id)
        .where(LedgerTransaction.kind == Kind.SESSION_KEPT, LedgerEntry.account == Account.MENTOR_PAYABLE)
        .order_by(LedgerTransaction.id.desc())
    ).all()
    sites = _sites_parts(session, [row.LedgerEntry.transaction_id for row in rows])
    return [
        EarnedLine(
            public_id=row.Booking.public_id,
            title=row.Booking.title,
            mentee=row.name,
            starts_at=row.Booking.starts_at,
            minutes=row.Booking.minutes,
            paid=paid_for(row.Purchase, row.PurchaseSession),
            discount=Money(row.PurchaseSession.discount_minor, row.Purchase.currency),
            site=Money(sites.get(row.LedgerEntry.transaction_id, 0), row.LedgerEntry.currency),
            share=Money(-row.LedgerEntry.amount_minor, row.LedgerEntry.currency),
            earned_at=row.booked_at,
            paid_at=row.paid_at,
            transfer=row.transfer,
            moved=Moved(*(Money(int(minor), row.LedgerEntry.currency) for minor in row[-4:])),
        )
        for row in rows
    ]


def _went(mentor_id: int) -> Subquery:
    """By session: what was sent, through Stripe or past it, and what was kept."""
    gone = Transfer.status.in_([TransferStatus.SENT, TransferStatus.BY_HAND])
    statement = select(
        Transfer.booking_id,
        func.sum(Transfer.amount_minor).filter(gone).label("sent"),
        func.sum(Transfer.netted_minor).label("kept"),
        func.max(func.coalesce(Transfer.sent_at, Transfer.by_hand_at)).label("paid_at"),
        func.max(Transfer.stripe_transfer_id).label("transfer"),
    )
    return statement.where(Transfer.mentor_id == mentor_id).group_by(Transfer.booking_id).subquery()


def _taken(mentor_id: int) -> Subquery:
    """By session: what was taken back, and what of that was gone."""
    statement = select(
        TakenBack.booking_id,
        func.sum(TakenBack.amount_minor).label("taken"),
        func.sum(TakenBack.amount_minor - TakenBack.payable_minor).label("owed"),
    )
    return statement.where(TakenBack.mentor_id == mentor_id).group_by(TakenBack.booking_id).subquery()


def to_come(session: Session, mentor_id: int) -> list[Money]:
    """By currency: the mentor's share of what is sold, and ahead or not final yet."""
    statement = (
        select(Purchase.currency, func.sum(PurchaseSession.share_minor))
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .join(Booking, Booking.id == PurchaseSession.booking_id)
        .outerjoin(LedgerTransaction, books_what_was_kept_for(Booking.id))
        .where(Booking.mentor_id == mentor_id, Purchase.status == PurchaseStatus.SOLD, Purchase.gross_minor > 0)
        .where(Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.COMPLETED]), LedgerTransaction.id.is_(None))
        .group_by(Purchase.currency)
        .order_by(Purchase.currency)
    )
    return [Money(int(minor), currency) for currency, minor in session.execute(statement) if minor]


def _sites_parts(session: Session, transactions: list[int]) -> dict[int, int]:
    """What the site has earned in each, in minor units; less than nothing where it gave of its own."""
    sites = LedgerEntry.account.in_([Account.SITE_FEES, Account.SITE_DISCOUNTS])
    statement = (
        select(LedgerEntry.transaction_id, func.sum(-LedgerEntry.amount_minor))
        .where(LedgerEntry.transaction_id.in_(transactions), sites)
        .group_by(LedgerEntry.transaction_id)
    )
    return {number: int(minor) for number, minor in session.execute(statement)}
