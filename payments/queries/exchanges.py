"""Reads of payments that were settled in another currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.models.exchanges import Exchange
from payments.models.sales import Payment, Purchase, PurchaseSession


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """`share` is the mentors' part of what was paid, as it was frozen; `settled` what Stripe holds for it."""

    payment_id: int
    payment: str
    title: str
    mentor: str
    paid: Money
    share: Money
    settled: Money
    found_at: datetime
    released_at: datetime | None


def exchange_lines(session: Session, *, limit: int = 200) -> list[ExchangeLine]:
    """Those that wait come first, the oldest of them first."""
    share = (
        select(func.sum(PurchaseSession.share_minor))
        .where(PurchaseSession.purchase_id == Payment.purchase_id)
        .scalar_subquery()
    )
    statement = (
        select(Exchange, Payment, Purchase.title, User.name, share.label("share"))
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
            found_at=row.Exchange.found_at,
            released_at=row.Exchange.released_at,
        )
        for row in session.execute(statement)
    ]


def waiting_exchanges(session: Session) -> int:
    return session.scalar(select(func.count()).where(Exchange.released_at.is_(None))) or 0
