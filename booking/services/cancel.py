"""Call a confirmed session off: the fact of it, once and for good. What goes back for it is for payments to settle."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.proposals import ProposalStatus
from booking.domain.states import CANCELLED_BY, Canceller
from booking.models.bookings import Booking
from booking.services.ahead import require_ahead
from booking.services.proposal_ends import close_open
from marketplace.core.errors import RuleBroken


class NotCancellable(RuleBroken):
    """The session has begun, or was never confirmed."""


def require_cancellable(booking: Booking, now: datetime) -> None:
    """Raises AlreadyCancelled, NotCancellable."""
    require_ahead(
        booking,
        now,
        unconfirmed=NotCancellable("Only a confirmed session can be cancelled."),
        begun=NotCancellable("It is too late to cancel: the session has begun."),
    )


def cancel_booking(
    session: Session,
    booking: Booking,
    *,
    by: Canceller,
    person_id: int | None,
    reason: str,
    now: datetime,
    took_all_back: bool = False,
) -> None:
    """The time is free at once (trigger `keep_occupancy`). The caller holds the locks of both people and the booking.
    `took_all_back`: the mentee does it, on the mentor's account. Without a person the site does it by itself.

    Raises AlreadyCancelled, NotCancellable.
    """
    require_cancellable(booking, now)
    close_open(session, booking, ProposalStatus.TAKEN_BACK if took_all_back else ProposalStatus.OVERTAKEN, now=now)
    booking.status = CANCELLED_BY[by]
    booking.cancelled_at = booking.changed_at = now
    booking.cancelled_by, booking.cancel_reason = person_id, reason or None
    booking.took_all_back = took_all_back
    booking.sequence += 1
    session.flush()
