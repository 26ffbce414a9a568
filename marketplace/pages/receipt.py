"""What was paid, for whom and for what, as a page that prints well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.pages.queries import session_of, sold_as
from payments.domain.states import RefundStatus
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund
from payments.queries.disputes import disputes_of_purchase


@dataclass(frozen=True, slots=True)
class GivenBack:
    """`arrived` is what the bank or Stripe has confirmed, or an operator has paid by hand, or the bank itself has given
    back in a dispute; else it is on its way."""

    amount: Money
    at: datetime
    arrived: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the money goes once the session has taken place: paid = mentor + tax + site. `site` is negative where the
    site bears more of a discount than its fee; `card` is what Stripe has kept of the site's part, None until it is
    known."""

    mentor: Money
    tax: Money
    site: Money
    card: Money | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`parts` is None of what was cancelled, or of which something goes back."""

    purchase: Purchase
    booking: Booking
    mentor: User
    mentee: User
    sold_at: datetime
    given_back: list[GivenBack]
    parts: Parts | None


def receipt_of(session: Session, public_id: str, mentee_id: int) -> Receipt:
    """Raises NotFound: of another's session, and of what was always free."""
    booking = session_of(session, public_id, mentee_id)
    sold = sold_as(session, booking.id)
    purchase = sold[0] if sold else None
    if booking.mentee_id != mentee_id or purchase is None or purchase.sold_at is None or not purchase.gross:
        raise NotFound("There is no receipt of this session.")
    given_back = _given_back(session, purchase.id)
    stands = not given_back and booking.cancelled_at is None
    return Receipt(
        purchase=purchase,
        booking=booking,
        mentor=booking.mentor.user,
        mentee=booking.mentee,
        sold_at=purchase.sold_at,
        given_back=given_back,
        parts=_parts(session, purchase) if stands else None,
    )


def _parts(session: Session, purchase: Purchase) -> Parts:
    sessions = select(func.sum(PurchaseSession.share_minor)).where(PurchaseSession.purchase_id == purchase.id)
    mentor = Money(int(session.scalar(sessions) or 0), purchase.currency)
    known = (Payment.purchase_id == purchase.id, Payment.stripe_fee_minor.is_not(None))
    fee = session.execute(select(Payment.stripe_fee_minor, Payment.stripe_fee_currency).where(*known)).first()
    card = Money(fee.stripe_fee_minor, fee.stripe_fee_currency) if fee else None
    return Parts(mentor, purchase.tax, purchase.paid - mentor - purchase.tax, card)


def _given_back(session: Session, purchase_id: int) -> list[GivenBack]:
    statement = (
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.purchase_id == purchase_id, Refund.status != RefundStatus.COVERED)
        .order_by(Refund.id)
    )
    by_banks = [
        GivenBack(each.lost, each.decided_at, arrived=True)
        for each in disputes_of_purchase(session, purchase_id)
        if each.lost and each.decided_at
    ]
    return by_banks + [
        GivenBack(
            refund.amount,
            refund.by_hand_at or refund.created_at,
            refund.by_hand_at is not None or refund.status == RefundStatus.SUCCEEDED,
        )
        for refund in session.scalars(statement)
    ]
