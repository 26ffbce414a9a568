"""What becomes of the hold of one sale, with all of its times: confirmed, waiting for a slow payment, or over. The
caller holds the locks."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus, may_become
from booking.models.bookings import Booking


class ImpossibleChange(RuntimeError):
    """The states do not allow it: a bug in the caller, which decides under the lock."""


def confirm(session: Session, *bookings: Booking, now: datetime) -> None:
    """A hold is a promise: it is confirmed without being judged again."""
    for booking in bookings:
        _become(booking, BookingStatus.CONFIRMED)
        booking.confirmed_at = booking.changed_at = now
    session.flush()


def await_payment(session: Session, *bookings: Booking) -> None:
    for booking in bookings:
        _become(booking, BookingStatus.AWAITING_PAYMENT)
    session.flush()


def end_hold(session: Session, *bookings: Booking, now: datetime, given_back: bool) -> None:
    """Give the time back. Only once it is certain that nobody can pay for it (rule no_release_while_payable)."""
    for booking in bookings:
        gone = given_back or booking.state is BookingStatus.AWAITING_PAYMENT
        _become(booking, BookingStatus.RELEASED if gone else BookingStatus.EXPIRED)
        booking.released_at = now
    session.flush()


def _become(booking: Booking, status: BookingStatus) -> None:
    if not may_become(booking.state, status):
        raise ImpossibleChange(f"booking {booking.id} is {booking.status} and cannot become {status}")
    booking.status = status
