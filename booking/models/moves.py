"""What became of a session's time after it was booked: each move as it was made, and each proposal of a mentor."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.domain.proposals import ProposalStatus
from booking.models.bookings import Booking, Occupancy, WallTime, listed
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


class MoveProposal(Base):
    """A mentor's wish to move a session: its time is kept for both beside the old one until it is answered or over.

    Once closed it stays so (trigger `answered_once`).
    """

    __tablename__ = "move_proposal"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), index=True)
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str | None]
    """In words for the mentee."""
    proposed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    # What it was judged by: the session has it when the mentee accepts.
    zone: Mapped[str]
    local_start: Mapped[datetime] = mapped_column(WallTime)
    local_end: Mapped[datetime] = mapped_column(WallTime)
    buffer_before_minutes: Mapped[int] = mapped_column(SmallInteger)
    buffer_after_minutes: Mapped[int] = mapped_column(SmallInteger)
    envelope_weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    envelope_opens: Mapped[int] = mapped_column(SmallInteger)
    envelope_closes: Mapped[int] = mapped_column(SmallInteger)

    booking: Mapped[Booking] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(ProposalStatus)})", name="proposal_status_is_known"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="proposal_is_open_or_closed"),
        CheckConstraint(
            "proposed_at < expires_at AND expires_at <= starts_at AND starts_at < ends_at", name="proposal_ends_in_time"
        ),
        CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="proposal_reason_is_bounded"),
        CheckConstraint(
            "local_start = (starts_at AT TIME ZONE zone) AND local_end = (ends_at AT TIME ZONE zone)"
            " AND extract(isodow FROM local_start) = ANY (envelope_weekdays)"
            " AND extract(hour FROM local_start) * 60 + extract(minute FROM local_start) >= envelope_opens"
            " AND (extract(epoch FROM local_end - date_trunc('day', local_start)) / 60) <= envelope_closes",
            name="proposed_in_business_hours_only",
        ),
        Index("one_open_proposal", "booking_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_move_proposal_overdue", "expires_at", postgresql_where=text("status = 'open'")),
    )

    @property
    def state(self) -> ProposalStatus:
        return ProposalStatus(self.status)

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered; the clock closes it before any sweep does."""
        return self.state is ProposalStatus.OPEN and now < self.expires_at


PROPOSED_FOR_IT = (MoveProposal.booking_id == Occupancy.booking_id) & (MoveProposal.status == ProposalStatus.OPEN)
"""As a condition that joins what is proposed to a time that is taken: one at most is open."""
