"""A proposal of another time comes to its end, and its time is free again (trigger `keep_proposed_occupancy`)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.domain.intervals import Interval
from booking.domain.proposals import ProposalStatus
from booking.models.bookings import Booking
from booking.models.moves import MoveProposal
from booking.queries.bookings import CAP_REACH
from booking.queries.moves import open_proposal
from booking.services.notify import tell_lapsed


def close(session: Session, proposal: MoveProposal, status: ProposalStatus, *, now: datetime) -> None:
    """Once (trigger `answered_once`)."""
    proposal.status, proposal.closed_at = status, now
    session.flush()


def close_open(session: Session, booking: Booking, status: ProposalStatus, *, now: datetime) -> None:
    """Whatever is proposed for it, if anything is. The caller holds the booking's lock."""
    if proposal := open_proposal(session, booking.id):
        close(session, proposal, status if proposal.is_open(now) else ProposalStatus.LAPSED, now=now)


def lapse(session: Session, proposal: MoveProposal, *, now: datetime) -> None:
    """Nobody answered in time: the old time stands, and both are told."""
    close(session, proposal, ProposalStatus.LAPSED, now=now)
    tell_lapsed(session, session.get_one(Booking, proposal.booking_id), proposal, now=now)


def lapse_overdue(session: Session, people: Iterable[int], around: Interval, now: datetime) -> bool:
    """Those that are over and may still stand in the way of these people's slot, or count in a cap. True if there were
    any.

    Whoever answers one holds the locks of its two people, one of whom is among these; so nobody answers it meanwhile.
    """
    theirs = list(people)
    near = (MoveProposal.starts_at < around.end + CAP_REACH) & (MoveProposal.ends_at > around.start - CAP_REACH)
    overdue = (MoveProposal.status == ProposalStatus.OPEN) & (MoveProposal.expires_at <= now)
    statement = (
        select(MoveProposal)
        .join(Booking, Booking.id == MoveProposal.booking_id)
        .where(overdue, near, or_(Booking.mentor_id.in_(theirs), Booking.mentee_id.in_(theirs)))
        .order_by(MoveProposal.id)
        .with_for_update(of=MoveProposal, key_share=True)
    )
    found = session.scalars(statement, execution_options={"populate_existing": True}).all()
    for proposal in found:
        lapse(session, proposal, now=now)
    return bool(found)
