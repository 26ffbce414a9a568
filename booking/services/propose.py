"""A mentor proposes another time for a session, and the mentee accepts it. The callers hold the locks of both people
and of the booking.

The time is judged when it is proposed, as any is, and kept from then on: accepting is like paying for a hold, which is
a promise and not judged again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.proposals import ProposalStatus, answer_until
from booking.models.bookings import Booking
from booking.models.moves import BookingMove, MoveProposal
from booking.queries.moves import open_proposal, to_answer
from booking.services.hold import NotBookable, flush_slot, judge, record_judgement
from booking.services.move import MovedMeanwhile, NewTime, require_ahead_to_move, written_down
from booking.services.proposal_ends import close, lapse
from marketplace.core.errors import Conflict
from marketplace.core.ids import public_id
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor

KEPT = (
    "zone",
    "local_start",
    "local_end",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "envelope_weekdays",
    "envelope_opens",
    "envelope_closes",
)
"""What a time was judged by."""


class ProposedAlready(Conflict):
    """One proposal of a session is open at a time: it is answered, or taken back, before there is another."""


class ProposalOver(Conflict):
    """It was answered, taken back, or its time to be answered is over."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers, or takes back, which proposal: the one that they have read."""

    person_id: int
    proposal: str


def propose(session: Session, booking: Booking, wanted: NewTime, *, now: datetime, envelope: Envelope) -> MoveProposal:
    """Also by a mentor who takes no bookings for a while: that may be the reason.

    Raises AlreadyCancelled, NotMovable, MovedMeanwhile, ProposedAlready, and SlotTaken, NotBookable and HoldOverdue.
    """
    require_ahead_to_move(booking, now)
    if booking.sequence != wanted.seen or booking.starts_at == wanted.start:
        raise MovedMeanwhile("This session has been moved since you opened this page. Please look once more.")
    require_nothing_proposed(session, booking, now)
    if before := open_proposal(session, booking.id):
        lapse(session, before, now=now)  # the clock has closed it, and no sweep has seen that yet
    if session.scalar(select(Mentor.status).where(Mentor.id == booking.mentor_id)) == MentorStatus.SUSPENDED:
        raise NotBookable("This mentor takes no bookings at the moment.")
    slot = Interval(wanted.start, wanted.start + (booking.ends_at - booking.starts_at))
    schedule = judge(
        session, booking.mentor_id, booking.mentee_id, [slot], now, envelope, without=[booking.id], mentee_asks=False
    )
    proposal = MoveProposal(
        public_id=public_id(),
        booking_id=booking.id,
        status=ProposalStatus.OPEN,
        starts_at=slot.start,
        ends_at=slot.end,
        reason=wanted.reason or None,
        proposed_at=now,
        expires_at=answer_until(now, old_start=booking.starts_at, new_start=slot.start),
    )
    record_judgement(proposal, schedule)
    session.add(proposal)
    flush_slot(session)
    return proposal


def proposal_to_answer(session: Session, booking: Booking, answer: Answer, now: datetime) -> MoveProposal:
    """Raises ProposalOver."""
    proposal = open_proposal(session, booking.id)
    if proposal is None or proposal.public_id != answer.proposal or not proposal.is_open(now):
        raise ProposalOver("This proposal has been answered or taken back, or its time is over.")
    return proposal


def accept(session: Session, booking: Booking, answer: Answer, *, now: datetime) -> BookingMove:
    """The session is at the new time, which was kept for it. Raises AlreadyCancelled, NotMovable, ProposalOver."""
    require_ahead_to_move(booking, now)
    proposal = proposal_to_answer(session, booking, answer, now)
    slot = Interval(proposal.starts_at, proposal.ends_at)
    move = written_down(booking, slot, NewTime(slot.start, answer.person_id, "", booking.sequence), now)
    close(session, proposal, ProposalStatus.ACCEPTED, now=now)
    booking.starts_at, booking.ends_at = slot.start, slot.end
    for name in KEPT:
        setattr(booking, name, getattr(proposal, name))
    booking.sequence, booking.changed_at = move.sequence, now
    session.add(move)
    flush_slot(session)
    return move


def require_nothing_proposed(session: Session, booking: Booking, now: datetime) -> None:
    """Raises ProposedAlready."""
    if to_answer(session, booking.id, now):
        raise ProposedAlready("You have proposed another time already. Take that back before you propose a new one.")
