"""Bring what goes back and what is earned in line with the facts of a sale (docs/money-and-time.md)."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from payments.domain.settle import UNUSED, settle, still_owed
from payments.queries.settling import frozen_sale, refunded
from payments.services.bearing import bear_the_rest
from payments.services.ledger import book_kept
from payments.services.refund import owe_for_session, owe_for_unused
from payments.services.rows import SoldRows, lock_sold


def settle_session(session: Session, booking_id: int, *, now: datetime) -> None:
    """All of the sale that it is part of, from nothing but its facts."""
    settle_sale(session, lock_sold(session, booking_id), now=now)


def settle_sale(session: Session, rows: SoldRows, *, now: datetime) -> None:
    """Issues the difference between what the facts say and what was issued: nothing, the second time.

    The rows are locked, both people with them, so the facts cannot change meanwhile.
    """
    payment = rows.payment
    if payment is None:
        return
    dues = settle(frozen_sale(session, rows.purchase))
    for booking_id, amount in still_owed(dues, *refunded(session, payment)):
        if booking_id is UNUSED:
            owe_for_unused(session, payment, amount=amount, now=now)
        else:
            owe_for_session(session, payment, session.get_one(Booking, booking_id), amount=amount, now=now)
    for each in dues:
        book_kept(session, payment, each, now=now)
    bear_the_rest(session, payment, now=now)
