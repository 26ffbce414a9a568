"""Move a confirmed session to another time: the same booking under the same UID, and SEQUENCE raised.

Keeps rules no_double_booking, business_hours_only and caps_hold as holding does: the new time is judged by the function
that lists times, with this session left out of what is taken.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.proposals import ProposalStatus
from booking.models.bookings import Booking
from booking.models.moves import BookingMove
from booking.services.ahead import require_ahead
from booking.services.hold import flush_slot, judge, record_judgement, require_active
from booking.services.proposal_ends import close_open
from marketplace.core.errors import Conflict, RuleBroken


class NotMovable(RuleBroken):
    """The session has begun, was never confirmed, or may only be cancelled by now."""


class MovedMeanwhile(Conflict):
    """The session is not where the page said: it was moved from another tab, or by a press before."""


@dataclass(frozen=True, slots=True)
class NewTime:
    """When it is to begin; who says so, and why in words for the other one; `seen` is the SEQUENCE that the session had
    on the page that was pressed, so that a page takes effect once."""

    start: datetime
    person_id: int
    reason: str
    seen: int


def require_ahead_to_move(booking: Booking, now: datetime) -> None:
    """Raises AlreadyCancelled, NotMovable."""
    require_ahead(
        booking,
        now,
        unconfirmed=NotMovable("Only a confirmed session can be moved."),
        begun=NotMovable("It is too late to move it: the session has begun."),
    )


def move_booking(
    session: Session,
    booking: Booking,
    wanted: NewTime,
    *,
    now: datetime,
    envelope: Envelope,
    site_meeting_url: str,
) -> BookingMove:
    """Its old time is free at once (trigger `keep_occupancy`). The caller holds the locks of both people and the
    booking.

    Raises AlreadyCancelled, NotMovable, MovedMeanwhile, and SlotTaken, NotBookable and HoldOverdue as `hold_slots`.
    """
    require_ahead_to_move(booking, now)
    if booking.sequence != wanted.seen or booking.starts_at == wanted.start:
        raise MovedMeanwhile("This session has been moved since you opened this page. Please look once more.")
    require_active(session, booking.mentor_id, site_meeting_url, for_money=False)
    length = booking.ends_at - booking.starts_at
    slot = Interval(wanted.start, wanted.start + length)
    schedule = judge(session, booking.mentor_id, booking.mentee_id, [slot], now, envelope, without=[booking.id])
    close_open(session, booking, ProposalStatus.ELSEWHERE, now=now)
    move = written_down(booking, slot, wanted, now)
    booking.starts_at, booking.ends_at = slot.start, slot.end
    record_judgement(booking, schedule)
    booking.sequence, booking.changed_at = move.sequence, now
    session.add(move)
    flush_slot(session)
    return move


def written_down(booking: Booking, slot: Interval, wanted: NewTime, now: datetime) -> BookingMove:
    """What is kept of the move of this booking to that slot."""
    return BookingMove(
        booking_id=booking.id,
        sequence=booking.sequence + 1,
        moved_at=now,
        moved_by=wanted.person_id,
        from_starts_at=booking.starts_at,
        from_ends_at=booking.ends_at,
        to_starts_at=slot.start,
        to_ends_at=slot.end,
        reason=wanted.reason or None,
    )
