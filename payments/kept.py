"""What Stripe holds of a payment and what it kept: asked once it has booked it, and then in our books."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from payments.services.ledger import begin_fee, book_fee
from payments.stripe_api.gateway import StripeGateway


def learn_what_stripe_kept(session: Session, gateway: StripeGateway, payment_id: int, *, now: datetime) -> bool:
    """Commits. Whether it is known now; Stripe may say so only later. Raises GatewayUnavailable."""
    intent = begin_fee(session, payment_id, now=now)
    session.commit()
    if intent is None:
        return True
    settled = gateway.fetch_settled(intent)
    if settled is None:
        return False
    book_fee(session, payment_id, settled.fee, settled=settled.amount, now=now)
    session.commit()
    return True
