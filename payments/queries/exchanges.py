"""Reads of payments that were settled in another currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.domain.exchanges import Moved
from payments.domain.states import RefundStatus
from payments.models.exchanges import Exchange, ExchangedLater
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund

ASK_AGAIN_AFTER = timedelta(hours=1)
ASK_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """`share` is the mentors' part of what was paid, as it was frozen; `settled` what Stripe holds for it. `back` went
    back since, and `took` is what Stripe took for that: both None if nothing did."""

    payment_id: int
    payment: str
    title: str
    mentor: str
    paid: Money
    share: Money
    settled: Money
    back: Money | None
    took: Money | None
    found_at: datetime
    released_at: datetime | None


def exchange_lines(session: Session, *, limit: int = 200) -> list[ExchangeLine]:
    """Those that wait come first, the oldest of them first."""
    share = (
        select(func.sum(PurchaseSession.share_minor))
        .where(PurchaseSession.purchase_id == Payment.purchase_id)
        .scalar_subquery()
    )
    of_it = ExchangedLater.payment_id == Payment.id
    back = select(-func.sum(ExchangedLater.sold_minor)).where(of_it).scalar_subquery()
    took = select(-func.sum(ExchangedLater.settled_minor)).where(of_it).scalar_subquery()
    statement = (
        select(
            Exchange, Payment, Purchase.title, User.name, share.label("share"), back.label("back"), took.label("took")
        )
        .join(Payment, Payment.id == Exchange.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(User, User.id == Purchase.mentor_id)
        .order_by(Exchange.released_at.nulls_first(), Exchange.found_at)
        .limit(limit)
    )
    return [
        ExchangeLine(
            payment_id=row.Payment.id,
            payment=row.Payment.public_id,
            title=row.title,
            mentor=row.name,
            paid=Money(row.Payment.paid_minor or 0, row.Payment.currency),
            share=Money(int(row.share or 0), row.Payment.currency),
            settled=row.Exchange.settled,
            back=None if row.back is None else Money(int(row.back), row.Payment.currency),
            took=None if row.took is None else Money(int(row.took), row.Exchange.settled_currency),
            found_at=row.Exchange.found_at,
            released_at=row.Exchange.released_at,
        )
        for row in session.execute(statement)
    ]


def waiting_exchanges(session: Session) -> int:
    return session.scalar(select(func.count()).where(Exchange.released_at.is_(None))) or 0


def exchanged_later(session: Session) -> set[Moved]:
    """All that is in our books of what Stripe has exchanged after a payment."""
    return {
        each.moved for each in session.scalars(select(ExchangedLater), execution_options={"populate_existing": True})
    }


def refunds_without_exchange(session: Session, now: datetime) -> list[int]:
    """Gone, of a payment that Stripe has exchanged, and Stripe has not said what it took for them: asked each hour, for
    thirty days."""
    known = select(ExchangedLater.stripe_id).where(ExchangedLater.refund_id == Refund.id).exists()
    statement = (
        select(Refund.id)
        .join(Exchange, Exchange.payment_id == Refund.payment_id)
        .where(Refund.status == RefundStatus.SUCCEEDED, ~known)
        .where(Refund.looked_at <= now - ASK_AGAIN_AFTER, Refund.created_at > now - ASK_FOR)
        .order_by(Refund.id)
    )
    return list(session.scalars(statement))
