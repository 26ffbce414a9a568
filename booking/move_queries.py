"""Reads about moved sessions."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models import Booking
from booking.move_models import BookingMove
from marketplace.core.mail import MailRow


def moves_of(session: Session, booking_id: int) -> list[BookingMove]:
    """All of them, the first one first."""
    statement = select(BookingMove).where(BookingMove.booking_id == booking_id)
    return list(session.scalars(statement.order_by(BookingMove.sequence)))


def move_made(session: Session, booking_id: int, sequence: int) -> BookingMove:
    """The one that led to this SEQUENCE."""
    made = (BookingMove.booking_id == booking_id, BookingMove.sequence == sequence)
    return session.scalars(select(BookingMove).where(*made)).one()


def first_untold(session: Session, booking: Booking, user_id: int, fact: str) -> BookingMove:
    """Of the moves of which no such letter has reached this person, the first: its old time is the one they know."""
    letters = (MailRow.fact == fact, MailRow.key == booking.public_id, MailRow.user_id == user_id)
    told = select(func.coalesce(func.max(MailRow.sequence), 0)).where(*letters, MailRow.status == "sent")
    untold = (BookingMove.booking_id == booking.id, BookingMove.sequence > told.scalar_subquery())
    return session.scalars(select(BookingMove).where(*untold).order_by(BookingMove.sequence).limit(1)).one()
