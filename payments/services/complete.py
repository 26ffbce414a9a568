"""A sale is complete: the money is there (or none is due), so the session stands and both people are told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models import Booking
from booking.services.notify import tell_booked
from booking.services.settle_hold import confirm
from booking.words import policy_words
from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.domain.states import PurchaseStatus
from payments.models import Purchase, PurchaseSession


def complete_sale(session: Session, purchase: Purchase, booking: Booking, *, total: Money, now: datetime) -> None:
    """Free offerings and paid ones take this same path. The booking is `held`, or already revived."""
    purchase.status = PurchaseStatus.SOLD
    purchase.total_minor, purchase.sold_at = total.minor, now
    if booking.state is not BookingStatus.CONFIRMED:
        confirm(session, booking, now=now)
    session.flush()
    mentor, mentee = (session.get_one(User, person) for person in (purchase.mentor_id, purchase.mentee_id))
    policy = policy_words(purchase.policy, booking.starts_at, mentee.tz, now)
    tell_booked(
        session,
        booking,
        now=now,
        mentee_lines=[*_paid_lines(purchase, mentor.name, total), policy] if total else ["This is free."],
        mentor_lines=_earned_lines(session, purchase),
    )


def _paid_lines(purchase: Purchase, mentor_name: str, total: Money) -> list[str]:
    lines = [f"{mentor_name}’s price: {purchase.price.format()}"]
    if purchase.fee_borne_by == "mentee":
        lines.append(f"Fee: {purchase.fee.format()}")
    return [*lines, f"You paid: {total.format()}"]


def _earned_lines(session: Session, purchase: Purchase) -> list[str]:
    share = session.scalars(select(PurchaseSession.share_minor).where(PurchaseSession.purchase_id == purchase.id))
    earned = Money(sum(share), purchase.currency)
    return [f"You earn: {earned.format()}, once the session has taken place."] if earned else ["This is free."]
