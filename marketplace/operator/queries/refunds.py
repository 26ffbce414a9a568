"""Refunds that no machine can bring to an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.sales import Payment, Purchase, Refund, StripeCommand


@dataclass(frozen=True, slots=True)
class StuckRefund:
    """`refused`: Stripe's reason; None if the bank sent the money back."""

    id: int
    amount: Money
    mentee: str
    email: str
    title: str
    mentor: str
    owed_since: datetime
    refused: str | None
    by_hand_at: datetime | None
    by_hand_by: str | None
    by_hand_how: str | None


STUCK = (
    (Refund.status != RefundStatus.COVERED)
    & Refund.by_hand_at.is_(None)
    & ((Refund.status == RefundStatus.FAILED) | (StripeCommand.status == CommandStatus.REFUSED))
)
"""As a condition on refunds with their commands: no machine can bring them to an end."""


def stuck_count(session: Session) -> int:
    joined = select(func.count()).select_from(Refund).join(StripeCommand, StripeCommand.id == Refund.command_id)
    return session.scalar(joined.where(STUCK)) or 0


def stuck_refunds(session: Session, *, settled: bool, offset: int, limit: int) -> list[StuckRefund]:
    """Those that are STUCK, the oldest first; or those that were paid by hand, the newest."""
    mentee, mentor, operator = aliased(User), aliased(User), aliased(User)
    rows = session.execute(
        select(Refund, StripeCommand.status, StripeCommand.error, mentee, mentor.name, operator.name, Purchase.title)
        .join(StripeCommand, StripeCommand.id == Refund.command_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(mentee, mentee.id == Purchase.mentee_id)
        .join(mentor, mentor.id == Purchase.mentor_id)
        .outerjoin(operator, operator.id == Refund.by_hand_by)
        .where(Refund.by_hand_at.is_not(None) if settled else STUCK)
        .order_by(Refund.by_hand_at.desc() if settled else Refund.id)
        .offset(offset)
        .limit(limit)
    )
    return [
        StuckRefund(
            id=refund.id,
            amount=refund.amount,
            mentee=person.name,
            email=person.email,
            title=title,
            mentor=mentor_name,
            owed_since=refund.created_at,
            refused=(error or "refused") if status == CommandStatus.REFUSED else None,
            by_hand_at=refund.by_hand_at,
            by_hand_by=operator_name,
            by_hand_how=refund.by_hand_how,
        )
        for refund, status, error, person, mentor_name, operator_name, title in rows
    ]
