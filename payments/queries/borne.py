"""What the site should bear by the rows that are not the books, for holding the books against it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.settle import settle
from payments.domain.states import RefundStatus
from payments.models.sales import Payment, Purchase, Refund
from payments.queries.disputes import lost_of, may_be_overdrawn
from payments.queries.settling import frozen_sales


@dataclass(frozen=True, slots=True)
class Borne:
    """Minor units, of one payment that bought something."""

    currency: str
    lost_minor: int
    borne_minor: int


def lost_and_borne(session: Session) -> list[Borne]:
    """What banks have given back for good, and what of that was earned as well. A payment that bought nothing goes back
    whole, by whomever, so it leaves nothing behind."""
    found = []
    for payment in may_be_overdrawn(session):
        if not _bought_nothing(session, payment):
            lost = lost_of(session, payment).minor
            over = lost + _refunded(session, payment) + _kept(session, payment) - (payment.paid_minor or 0)
            found.append(Borne(payment.currency, lost, max(over, 0)))
    return found


def _refunded(session: Session, payment: Payment) -> int:
    counts = (Refund.payment_id == payment.id) & (Refund.status != RefundStatus.COVERED)
    return int(session.scalar(select(func.sum(Refund.amount_minor)).where(counts)) or 0)


def _bought_nothing(session: Session, payment: Payment) -> bool:
    nothing = (Refund.payment_id == payment.id) & Refund.reason.in_(BOUGHT_NOTHING)
    return bool(session.scalar(select(func.count()).select_from(Refund).where(nothing)))


def _kept(session: Session, payment: Payment) -> int:
    purchase = session.get_one(Purchase, payment.purchase_id)
    sale = frozen_sales(session, [purchase]).get(purchase.id)
    return sum((each.paid - each.back).minor for each in settle(sale)) if sale else 0
