"""Sessions as the operator finds them: the newest first, or those of somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.models.sales import Payment, Purchase, PurchaseSession


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
    cancelled_at: datetime | None
    reason: str
    """An operator's; what the two people write to each other is theirs."""

    def may_be_cancelled(self, now: datetime) -> bool:
        return self.status is BookingStatus.CONFIRMED and now < self.starts_at


def booking_lines(session: Session, *, sought: str = "", offset: int, limit: int) -> list[BookingLine]:
    """The newest bookings first, in one statement; of those whose number, or whose people's name or address, is
    `sought`, unless that is empty."""
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
        .where(*([_is_about(sought, mentor, mentee)] if sought else []))
        .order_by(Booking.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_line(*row) for row in rows]


def _is_about(sought: str, *people: type[User]) -> ColumnElement[bool]:
    named = (each.name.icontains(sought, autoescape=True) for each in people)
    written_to = (func.lower(each.email) == sought.lower() for each in people)
    return or_(Booking.public_id == sought, Purchase.public_id == sought, *named, *written_to)


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
        cancelled_at=booking.cancelled_at,
        reason=(booking.cancel_reason or "") if booking.state is BookingStatus.CANCELLED_BY_OPERATOR else "",
    )
