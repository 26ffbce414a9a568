"""What became of a session's time after it was booked: each move, as it was made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from booking.models import Booking
from marketplace.accounts.models import User
from marketplace.core.db import Base


class BookingMove(Base):
    """A session was moved. Rows are added and never changed (trigger `moves_are_kept`), so the history is whole."""

    __tablename__ = "booking_move"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id))
    sequence: Mapped[int]
    """The SEQUENCE that calendars have of it since then."""
    moved_at: Mapped[datetime]
    moved_by: Mapped[int] = mapped_column(ForeignKey(User.id))
    from_starts_at: Mapped[datetime]
    from_ends_at: Mapped[datetime]
    to_starts_at: Mapped[datetime]
    to_ends_at: Mapped[datetime]
    reason: Mapped[str | None]
    """In words for the other one."""

    __table_args__ = (
        CheckConstraint("from_starts_at <> to_starts_at", name="a_move_leads_elsewhere"),
        CheckConstraint("moved_at < from_starts_at AND moved_at < to_starts_at", name="moved_before_it_begins"),
        CheckConstraint(
            "from_ends_at - from_starts_at = to_ends_at - to_starts_at", name="a_moved_session_keeps_its_length"
        ),
        CheckConstraint("sequence > 0", name="a_move_raises_the_sequence"),
        CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="move_reason_is_bounded"),
        Index("one_move_per_sequence", "booking_id", "sequence", unique=True),
    )
