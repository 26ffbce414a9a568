"""What became of a session, as facts: who said what and when, what an operator decided, and since when it is final.

The caller holds the locks of both people and of the booking. What follows from it in money is for payments to settle.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.outcomes import Decision, Outcome, Said, Side, may_say, outcome
from booking.domain.proposals import ProposalStatus
from booking.domain.states import BookingStatus, may_become
from booking.models.bookings import Booking
from booking.models.claims import BookingClaim
from booking.queries.outcomes import claims_of, facts_of, outcome_of
from booking.services.proposal_ends import close_open
from booking.services.settle_hold import ImpossibleChange
from marketplace.core.errors import Conflict, RuleBroken

_GOES_ON = {BookingStatus.CONFIRMED, BookingStatus.COMPLETED}


class NotToBeSaid(RuleBroken):
    """It is too early or too late for it, was said before, or it is settled what became of the session."""


class NotToBeDecided(Conflict):
    """The two agree, have not both been heard yet, or somebody has decided before."""


def bring_forward(session: Session, booking: Booking, *, now: datetime) -> Outcome | None:
    """Write down what has become of it by now: nothing, the second time. None for what is called off or not booked."""
    if booking.state not in _GOES_ON or booking.settled_at is not None:
        return None
    found = outcome_of(session, booking, now)
    if found.status is BookingStatus.CONFIRMED:
        return found
    if found.status is not booking.state:
        close_open(session, booking, ProposalStatus.LAPSED, now=now)  # which no sweep has seen
        _become(booking, found.status)
    booking.completed_at = booking.completed_at or now
    booking.settle_at = found.silence_at
    booking.settled_at = now if found.is_final else None
    session.flush()
    return found


def say(
    session: Session, booking: Booking, *, side: Side, person_id: int, said: Said, words: str, now: datetime
) -> BookingClaim:
    """Raises NotToBeSaid."""
    facts = facts_of(booking, claims_of(session, booking.id))
    if booking.state not in _GOES_ON or booking.settled_at is not None or said not in may_say(facts, side, now):
        raise NotToBeSaid("That cannot be said of this session now. The page says what stands.")
    claim = BookingClaim(
        booking_id=booking.id, person_id=person_id, side=side, said=said, words=words or None, said_at=now
    )
    session.add(claim)
    session.flush()
    return claim


def decide(session: Session, booking: Booking, *, decision: Decision, by: int, reason: str, now: datetime) -> None:
    """Final. Raises NotToBeDecided."""
    if booking.state not in _GOES_ON or booking.settled_at is not None:
        raise NotToBeDecided("It is settled already what became of this session.")
    facts = facts_of(booking, claims_of(session, booking.id))
    if not outcome(facts, now).waits_for_operator:
        raise NotToBeDecided("There is nothing to decide: the two agree, or one of them may still say something.")
    booking.decision, booking.decided_at, booking.decided_by, booking.decision_reason = decision, now, by, reason
    with session.no_autoflush:
        bring_forward(session, booking, now=now)


def _become(booking: Booking, status: BookingStatus) -> None:
    if not may_become(booking.state, status):
        raise ImpossibleChange(f"booking {booking.id} is {booking.status} and cannot become {status}")
    booking.status = status
