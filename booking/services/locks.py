"""Who is locked, in which order (docs/locking.md): people by id, the purchase, the booking, the payment."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User


def lock_people(session: Session, people: Iterable[int]) -> bool:
    """Before anything that a decision about their time reads. In id order, so that two of us never wait in a ring.
    True if somebody of them has closed their account."""
    ids = sorted(set(people))
    locking = select(User.closed_at).where(User.id.in_(ids)).order_by(User.id).with_for_update(key_share=True)
    return any(session.scalars(locking))


def lock_booking(session: Session, booking_id: int) -> Booking:
    """Read again after the lock, whatever the session remembered."""
    statement = select(Booking).where(Booking.id == booking_id).with_for_update(key_share=True)
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()
