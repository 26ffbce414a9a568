"""What the operator reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from booking.domain.states import BookingStatus
from booking.models import Booking
from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.models import Payment, Purchase, PurchaseSession


@dataclass(frozen=True, slots=True)
class BookingLine:
    """`payment` is the newest payment's status, empty when nothing had to be paid. `zone` is the mentor's."""

    public_id: str
    title: str
    status: BookingStatus
    mentor: str
    mentee: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    created_at: datetime
    gross: Money | None
    payment: str


def booking_lines(session: Session, *, offset: int, limit: int) -> list[BookingLine]:
    """The newest bookings first, in one statement."""
    mentor, mentee = aliased(User), aliased(User)
    newest_payment = (
        select(Payment.status)
        .where(Payment.purchase_id == Purchase.id)
        .order_by(Payment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Booking,
            mentor.name,
            mentee.name,
            PurchaseSession.gross_minor,
            Purchase.currency,
            newest_payment,
        )
        .join(mentor, mentor.id == Booking.mentor_id)
        .join(mentee, mentee.id == Booking.mentee_id)
        .outerjoin(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .outerjoin(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .order_by(Booking.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_line(*row) for row in rows]


def _line(
    booking: Booking, mentor: str, mentee: str, gross_minor: int | None, currency: str | None, payment: str | None
) -> BookingLine:
    return BookingLine(
        public_id=booking.public_id,
        title=booking.title,
        status=booking.state,
        mentor=mentor,
        mentee=mentee,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        zone=booking.zone,
        created_at=booking.created_at,
        gross=Money(gross_minor, currency) if gross_minor is not None and currency else None,
        payment=payment or "",
    )
