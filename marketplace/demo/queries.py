"""Reads for the demo's pages."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.models.sales import Payment, Purchase


@dataclass(frozen=True, slots=True)
class Checkout:
    """A test checkout, at the stand-in for Stripe."""

    buyer: str
    title: str
    amount: Money
    status: str
    url: str


def recent_checkouts(session: Session, limit: int = 5) -> list[Checkout]:
    """The newest first, whosever they are."""
    rows = session.execute(
        select(User.name, Purchase.title, Payment)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(User, User.id == Purchase.mentee_id)
        .where(Payment.checkout_url.is_not(None))
        .order_by(Payment.id.desc())
        .limit(limit)
    )
    return [Checkout(name, title, paid.amount, paid.status, paid.checkout_url or "") for name, title, paid in rows]
