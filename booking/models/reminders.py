"""What is still to be told before a session begins; a row goes away with its letter."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.reminders import Ahead
from booking.models.bookings import Booking, listed
from marketplace.accounts.models import User
from marketplace.core.db import Base


class Reminder(Base):
    __tablename__ = "booking_reminder"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    ahead: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    """The session's when it was planned: what has moved since is planned anew."""
    remind_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (CheckConstraint(f"ahead IN ({listed(Ahead)})", name="reminder_is_known"),)
