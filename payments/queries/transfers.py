"""Reads of what goes to mentors: what is to be transferred, what was, and what is left of a payment for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, join, or_, select, true
from sqlalchemy.orm import Session, aliased

from booking.models.bookings import Booking
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.ledger import Account, Kind
from payments.domain.settle import kept_key
from payments.domain.states import CommandStatus, RefundStatus, TransferStatus
from payments.domain.transfers import Takings
from payments.models.exchanges import Exchange
from payments.models.ledger import LedgerEntry, LedgerTransaction, books_what_was_kept_for
from payments.models.payouts import Transfer
from payments.models.returns import TakenBack
from payments.models.sales import Payment, Refund, StripeCommand
from payments.queries.disputes import WARNED, is_disputed

TRY_AGAIN_AFTER = timedelta(minutes=5)
ASK_FOR_BALANCE_AFTER = timedelta(hours=1)
NOT_THE_MENTORS = (Account.SITE_FEES, Account.SITE_DISCOUNTS, Account.TAX_PAYABLE)
_FRESH = {"populate_existing": True}
EARNED = join(Booking, LedgerTransaction, books_what_was_kept_for(Booking.id)).join(
    LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id
)
IS_SHARE = (LedgerTransaction.kind == Kind.SESSION_KEPT) & (LedgerEntry.account == Account.MENTOR_PAYABLE)
"""Sessions, and what the books have of what the mentor earned by each."""


_WAITS_FOR_OPERATOR = (
    select(Exchange.payment_id)
    .where(Exchange.payment_id == LedgerTransaction.payment_id, Exchange.released_at.is_(None))
    .exists()
)
"""Stripe holds another currency for the payment, and nobody has decided yet."""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """`refused`: Stripe's word for why it is not sent again; `reference` is empty for what goes past Stripe."""

    booking_id: int
    session: str
    mentor_id: int
    status: TransferStatus
    stripe_transfer_id: str | None
    sent_at: datetime | None
    reference: str
    refused: str | None


def share_of(session: Session, booking_id: int) -> Money | None:
    """What the mentor had earned by it when it was settled, as it was booked."""
    row = session.execute(
        select(LedgerEntry.amount_minor, LedgerEntry.currency)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.business_key == kept_key(booking_id), LedgerEntry.account == Account.MENTOR_PAYABLE)
    ).one_or_none()
    return None if row is None else Money(-row.amount_minor, row.currency)


def due_of(session: Session, booking_id: int) -> Money | None:
    """What of that neither went to the mentor, nor is on its way, nor was taken back. None if nothing was earned."""
    earned = select(due(), LedgerEntry.currency).select_from(EARNED).where(IS_SHARE, Booking.id == booking_id)
    row = session.execute(earned).one_or_none()
    return None if row is None else Money(int(row[0]), row[1])


def due() -> ColumnElement[int]:
    """The same as an expression of minor units, beside what `EARNED` joins."""
    taken = select(func.coalesce(func.sum(TakenBack.payable_minor), 0)).where(TakenBack.booking_id == Booking.id)
    went = select(func.coalesce(func.sum(Transfer.amount_minor + Transfer.netted_minor), 0))
    went = went.where(Transfer.booking_id == Booking.id)
    return -LedgerEntry.amount_minor - taken.scalar_subquery() - went.scalar_subquery()


def takings_of(session: Session, payment: Payment) -> Takings:
    """Whatever became of a refund since, it counts; what a bank takes, or gets on a warning, the site bears."""
    counts = (Refund.payment_id == payment.id) & (Refund.status != RefundStatus.COVERED) & (Refund.reason != WARNED)
    refunds = session.scalar(select(func.sum(Refund.amount_minor)).where(counts))
    went = session.execute(
        select(func.sum(Transfer.amount_minor + Transfer.netted_minor), func.sum(Transfer.amount_minor)).where(
            Transfer.payment_id == payment.id
        )
    ).one()
    owed = session.scalar(
        select(func.sum(TakenBack.amount_minor - TakenBack.payable_minor)).where(TakenBack.payment_id == payment.id)
    )
    site = session.scalar(
        select(func.sum(-LedgerEntry.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.payment_id == payment.id, LedgerEntry.account.in_(NOT_THE_MENTORS))
    )
    sums = (payment.paid_minor, refunds, site, (went[0] or 0) - (owed or 0), went[1])
    return Takings(*(Money(int(minor or 0), payment.currency) for minor in sums))


def unsent_of(session: Session, booking_id: int) -> Transfer | None:
    """The one that is on its way, if one is. Read afresh."""
    statement = select(Transfer).where(Transfer.booking_id == booking_id, Transfer.status == TransferStatus.OWED)
    return session.scalar(statement, execution_options=_FRESH)


@dataclass(frozen=True, slots=True)
class Source:
    """The payment out of which a session's share was booked. `intent` is None where a code took all of the price.
    `waits`: Stripe holds another currency for it, and no operator has decided yet."""

    payment_id: int
    intent: str | None
    waits: bool


def source_of(session: Session, booking_id: int) -> Source | None:
    """None if nothing was earned by the session."""
    kept = LedgerTransaction.business_key == kept_key(booking_id)
    statement = select(Payment.id, Payment.stripe_payment_intent_id, _WAITS_FOR_OPERATOR).join(
        LedgerTransaction, LedgerTransaction.payment_id == Payment.id
    )
    row = session.execute(statement.where(kept)).one_or_none()
    return None if row is None else Source(*row)


def sessions_to_transfer(
    session: Session, now: datetime, *, earned_before: datetime | None = None, limit: int = 100
) -> list[int]:
    """Earned and not transferred, of mentors who can be paid; not what Stripe refused, what was just tried, what waits
    for an operator, nor out of a payment that is disputed."""
    old_enough = LedgerTransaction.booked_at < earned_before if earned_before else true()
    unsent = aliased(Transfer)
    to_be_sent = (StripeCommand.status != CommandStatus.REFUSED) & (unsent.looked_at <= now - TRY_AGAIN_AFTER)
    statement = (
        select(Booking.id)
        .select_from(EARNED)
        .join(Mentor, Mentor.id == Booking.mentor_id)
        .outerjoin(unsent, (unsent.booking_id == Booking.id) & (unsent.status == TransferStatus.OWED))
        .outerjoin(StripeCommand, StripeCommand.id == unsent.command_id)
        .where(IS_SHARE, old_enough, Mentor.can_be_paid, or_(to_be_sent, unsent.id.is_(None) & (due() > 0)))
        .where(~is_disputed(LedgerTransaction.payment_id), ~_WAITS_FOR_OPERATOR)
        .order_by(LedgerTransaction.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def refused_for_the_balance(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Sessions whose transfer comes from the site's balance and was refused, an hour ago or longer: there may be enough
    by now."""
    statement = (
        select(Transfer.booking_id)
        .join(StripeCommand, StripeCommand.id == Transfer.command_id)
        .join(Mentor, Mentor.id == Transfer.mentor_id)
        .where(Mentor.can_be_paid, Transfer.status == TransferStatus.OWED)
        .where(StripeCommand.status == CommandStatus.REFUSED, ~StripeCommand.params.has_key("source_transaction"))
        .where(Transfer.looked_at <= now - ASK_FOR_BALANCE_AFTER)
        .order_by(Transfer.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def is_something_unsent(session: Session, mentor_id: int) -> bool:
    """Whether anything that this mentor has earned has not gone to them: the first that is found is enough."""
    waits = select(Transfer.id).where(Transfer.booking_id == Booking.id, Transfer.status == TransferStatus.OWED)
    found = select(Booking.id).select_from(EARNED).where(IS_SHARE, Booking.mentor_id == mentor_id)
    return session.scalar(found.where(or_(waits.exists(), due() > 0)).limit(1)) is not None


def transfer_rows(session: Session) -> list[TransferRow]:
    statement = (
        select(Transfer, Booking.public_id, StripeCommand.business_key, StripeCommand.status, StripeCommand.error)
        .join(Booking, Booking.id == Transfer.booking_id)
        .outerjoin(StripeCommand, StripeCommand.id == Transfer.command_id)
        .order_by(Transfer.id)
        .execution_options(populate_existing=True)
    )
    return [
        TransferRow(
            transfer.booking_id,
            public_id,
            transfer.mentor_id,
            TransferStatus(transfer.status),
            transfer.stripe_transfer_id,
            transfer.sent_at,
            reference or "",
            (error or "refused") if status == CommandStatus.REFUSED and transfer.stripe_transfer_id is None else None,
        )
        for transfer, public_id, reference, status, error in session.execute(statement)
    ]
