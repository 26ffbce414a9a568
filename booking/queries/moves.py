"""Reads about moved sessions, and about what is proposed for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from booking.domain.proposals import ProposalStatus
from booking.models.bookings import Booking
from booking.models.moves import BookingMove, MoveProposal
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor


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


def open_proposal(session: Session, booking_id: int) -> MoveProposal | None:
    """As the rows have it, read again: who asks the clock as well asks `is_open`."""
    statement = select(MoveProposal).where(
        MoveProposal.booking_id == booking_id, MoveProposal.status == ProposalStatus.OPEN
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def to_answer(session: Session, booking_id: int, now: datetime) -> MoveProposal | None:
    """What the mentee may answer at this moment."""
    proposal = open_proposal(session, booking_id)
    return proposal if proposal is not None and proposal.is_open(now) else None


def proposals_of(session: Session, user_id: int, now: datetime) -> list[MoveProposal]:
    """What is open of all of a person's sessions, on either side, with both people loaded; what ends first comes
    first."""
    mentor = joinedload(MoveProposal.booking).joinedload(Booking.mentor).joinedload(Mentor.user)
    mentee = joinedload(MoveProposal.booking).joinedload(Booking.mentee)
    statement = (
        select(MoveProposal)
        .join(Booking, Booking.id == MoveProposal.booking_id)
        .where(
            or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id),
            MoveProposal.status == ProposalStatus.OPEN,
            MoveProposal.expires_at > now,
        )
        .options(mentor, mentee)
        .order_by(MoveProposal.expires_at)
    )
    return list(session.scalars(statement))


def overdue_proposals(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Of sessions, by their ids: what is proposed for them was not answered in time."""
    overdue = (MoveProposal.status == ProposalStatus.OPEN, MoveProposal.expires_at <= now)
    statement = select(MoveProposal.booking_id).where(*overdue)
    return list(session.scalars(statement.order_by(MoveProposal.expires_at).limit(limit)))
