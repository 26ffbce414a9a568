"""Rows of ours that may not agree with Stripe, and which rows Stripe's objects belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.states import PAYABLE, CommandStatus, PaymentStatus, PurchaseStatus, RefundStatus
from payments.models.sales import Payment, Purchase, Refund, StripeCommand, StripeEvent
from payments.queries.inbox import LEFT
from payments.queries.sales import POLL_UNSENT_AFTER


@dataclass(frozen=True, slots=True)
class PaymentRow:
    id: int
    public_id: str
    status: PaymentStatus
    expires_at: datetime
    stripe_session_id: str | None


@dataclass(frozen=True, slots=True)
class RefundRow:
    """`refused`: Stripe's word for why it is not sent again."""

    id: int
    payment: str
    status: RefundStatus
    stripe_refund_id: str | None
    reference: str
    refused: str | None


_PAYMENT = (Payment.id, Payment.public_id, Payment.status, Payment.expires_at, Payment.stripe_session_id)


def payable(session: Session, now: datetime) -> list[PaymentRow]:
    """All that can still be paid, but for those whose checkout somebody is just opening."""
    settled = or_(Payment.status != PaymentStatus.UNSENT, Payment.looked_at <= now - POLL_UNSENT_AFTER)
    return _payments(session, Payment.status.in_(PAYABLE) & settled)


def payment_now(session: Session, payment_id: int) -> PaymentRow:
    [row] = _payments(session, Payment.id == payment_id)
    return row


def payments_named(session: Session, public_ids: Iterable[str]) -> dict[str, PaymentRow]:
    return {row.public_id: row for row in _payments(session, Payment.public_id.in_(set(public_ids)))}


def unanswered(session: Session) -> list[PaymentRow]:
    """Paid, and neither what sold its purchase nor given back (rule paid_or_refunded).

    A purchase is sold by the first of its payments that was not refunded for having bought nothing.
    """
    first, nothing = aliased(Payment), Refund.reason.in_(BOUGHT_NOTHING)
    refunded = select(Refund.id).where(Refund.payment_id == Payment.id).exists()
    first_bought_nothing = select(Refund.id).where(Refund.payment_id == first.id, nothing).exists()
    another_bought_it = (
        select(first.id)
        .where(first.purchase_id == Payment.purchase_id, first.status == PaymentStatus.PAID)
        .where(or_(first.paid_at < Payment.paid_at, (first.paid_at == Payment.paid_at) & (first.id < Payment.id)))
        .where(~first_bought_nothing)
        .exists()
    )
    unsold = select(Purchase.id).where(Purchase.id == Payment.purchase_id, Purchase.status != PurchaseStatus.SOLD)
    something = (Payment.status == PaymentStatus.PAID) & (Payment.paid_minor > 0)
    return _payments(session, something & ~refunded & or_(unsold.exists(), another_bought_it))


def unfinished_refunds(session: Session) -> list[RefundRow]:
    """Owed, on their way, or sent back by the bank; not those that an operator has paid by hand, or a bank in a
    dispute."""
    done = Refund.status.in_([RefundStatus.SUCCEEDED, RefundStatus.COVERED])
    return _refunds(session, ~done & Refund.by_hand_at.is_(None))


def refund_now(session: Session, refund_id: int) -> RefundRow:
    [row] = _refunds(session, Refund.id == refund_id)
    return row


def refunds_at(session: Session, stripe_ids: Iterable[str], references: Iterable[str]) -> list[RefundRow]:
    """Those that Stripe knows by these ids, or that have these references of ours."""
    named = Refund.stripe_refund_id.in_(set(stripe_ids)) | StripeCommand.business_key.in_(set(references))
    return _refunds(session, named)


def payments_of_intents(session: Session, intents: Iterable[str]) -> dict[str, str]:
    """Payment intent to the public id of our payment."""
    statement = select(Payment.stripe_payment_intent_id, Payment.public_id)
    found = session.execute(statement.where(Payment.stripe_payment_intent_id.in_(set(intents))))
    return {str(intent): public_id for intent, public_id in found}


def unfinished_events(session: Session) -> list[str]:
    """Waiting for another try, or left to a person."""
    unfinished = StripeEvent.next_at.is_not(None) | LEFT
    return list(session.scalars(select(StripeEvent.id).where(unfinished).order_by(StripeEvent.received_at)))


def _payments(session: Session, which: object) -> list[PaymentRow]:
    rows = session.execute(select(*_PAYMENT).where(which).order_by(Payment.id))  # type: ignore[arg-type]
    return [PaymentRow(row.id, row.public_id, PaymentStatus(row.status), *row[3:]) for row in rows]


def _refunds(session: Session, which: object) -> list[RefundRow]:
    statement = (
        select(
            Refund.id,
            Payment.public_id,
            Refund.status,
            Refund.stripe_refund_id,
            StripeCommand.business_key,
            StripeCommand.error,
            StripeCommand.status.label("command"),
        )
        .join(Payment, Payment.id == Refund.payment_id)
        .join(StripeCommand, StripeCommand.id == Refund.command_id)
        .where(which)  # type: ignore[arg-type]
        .order_by(Refund.id)
    )
    return [
        RefundRow(
            row.id,
            row.public_id,
            RefundStatus(row.status),
            row.stripe_refund_id,
            row.business_key,
            (row.error or "refused") if row.command == CommandStatus.REFUSED else None,
        )
        for row in session.execute(statement)
    ]
