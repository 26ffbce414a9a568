"""What was paid, for whom and for what, as a page that prints well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.pages.queries import session_of, sold_as
from payments.domain.states import RefundStatus
from payments.models import Payment, Purchase, Refund


@dataclass(frozen=True, slots=True)
class GivenBack:
    """`arrived` is what the bank or Stripe has confirmed, or an operator has paid by hand; else it is on its way."""

    amount: Money
    at: datetime
    arrived: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    purchase: Purchase
    booking: Booking
    mentor: User
    mentee: User
    sold_at: datetime
    given_back: list[GivenBack]


def receipt_of(session: Session, public_id: str, mentee_id: int) -> Receipt:
    """Raises NotFound: of another's session, and of what was always free."""
    booking = session_of(session, public_id, mentee_id)
    sold = sold_as(session, booking.id)
    purchase = sold[0] if sold else None
    if booking.mentee_id != mentee_id or purchase is None or purchase.sold_at is None or not purchase.gross:
        raise NotFound("There is no receipt of this session.")
    return Receipt(
        purchase=purchase,
        booking=booking,
        mentor=booking.mentor.user,
        mentee=booking.mentee,
        sold_at=purchase.sold_at,
        given_back=_given_back(session, purchase.id),
    )


def _given_back(session: Session, purchase_id: int) -> list[GivenBack]:
    statement = (
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.purchase_id == purchase_id)
        .order_by(Refund.id)
    )
    return [
        GivenBack(
            refund.amount,
            refund.by_hand_at or refund.created_at,
            refund.by_hand_at is not None or refund.status == RefundStatus.SUCCEEDED,
        )
        for refund in session.scalars(statement)
    ]
