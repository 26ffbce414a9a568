"""Sample sales: a booking with the purchase that pays for it."""

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.offerings.models import Offering
from payments.domain.states import PaymentStatus, PurchaseStatus
from payments.models.sales import Payment, Purchase, PurchaseSession
from payments.services.commands import want
from payments.services.programme_rows import programme_of_offering
from tests.booking.bookings import make_booking
from tests.factories import LONG_AGO

_numbers = count(1)


def make_sale(
    session: Session,
    offering: Offering,
    mentee: User,
    starts_at: datetime,
    *,
    status: BookingStatus = BookingStatus.CONFIRMED,
    **given: object,
) -> tuple[Booking, Purchase]:
    """At a fee of 15 % on top; paid unless the booking is held, whose payment is still open. Of a programme the first
    session is booked."""
    booking = make_booking(session, offering, mentee, starts_at, status=status, **given)
    number, sold, fee = next(_numbers), status is not BookingStatus.HELD, offering.price_minor * 15 // 100
    gross = offering.price_minor + fee
    purchase = Purchase(
        public_id=f"purchase{number}",
        mentee_id=mentee.id,
        mentor_id=offering.mentor_id,
        offering_id=offering.id,
        status=PurchaseStatus.SOLD if sold else PurchaseStatus.UNPAID,
        title=offering.title,
        policy=offering.policy,
        currency=offering.currency,
        price_minor=offering.price_minor,
        fee_minor=fee,
        fee_bp=1500,
        fee_borne_by="mentee",
        gross_minor=gross,
        total_minor=gross if sold else None,
        created_at=LONG_AGO,
        sold_at=LONG_AGO if sold else None,
    )
    session.add(purchase)
    session.flush()
    session.add_all(_parts(purchase, booking, offering))
    if offering.is_programme:
        session.add(programme_of_offering(purchase, offering, early_asked_at=None))
    if gross:
        session.add(_payment(session, number, purchase, sold=sold))
    session.flush()
    return booking, purchase


def _parts(purchase: Purchase, booking: Booking, offering: Offering) -> list[PurchaseSession]:
    """Of a programme all cost the same, and the first is booked."""
    sums = {
        "gross_minor": purchase.gross_minor // offering.sessions,
        "fee_minor": purchase.fee_minor // offering.sessions,
        "share_minor": purchase.price_minor // offering.sessions,
    }
    return [
        PurchaseSession(
            purchase_id=purchase.id,
            position=position,
            booking_id=booking.id if position == 1 else None,
            to_book=position > 1,
            **sums,
        )
        for position in range(1, offering.sessions + 1)
    ]


def _payment(session: Session, number: int, purchase: Purchase, *, sold: bool) -> Payment:
    return Payment(
        public_id=f"payment{number}",
        purchase_id=purchase.id,
        status=PaymentStatus.PAID if sold else PaymentStatus.OPEN,
        amount_minor=purchase.gross_minor,
        currency=purchase.currency,
        expires_at=LONG_AGO + timedelta(minutes=35),
        command_id=want(session, "checkout", f"key{number}", {}, now=LONG_AGO),
        stripe_session_id=f"cs_{number}",
        created_at=LONG_AGO,
        looked_at=LONG_AGO,
        paid_at=LONG_AGO if sold else None,
    )
