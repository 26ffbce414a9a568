"""A session can be called off or moved while it is ahead, and by one rule: it is confirmed, and has not begun."""

from __future__ import annotations

from datetime import datetime

from booking.domain.states import CANCELLED, BookingStatus
from booking.models.bookings import Booking
from marketplace.core.errors import Conflict, RuleBroken


class AlreadyCancelled(Conflict):
    """Somebody was faster, perhaps the same person in another tab: what they did stands."""


def require_ahead(booking: Booking, now: datetime, *, unconfirmed: RuleBroken, begun: RuleBroken) -> None:
    """Raises AlreadyCancelled, or of the two given ones what is in the way."""
    if booking.state in CANCELLED:
        raise AlreadyCancelled("This session has been cancelled before.")
    if booking.state is not BookingStatus.CONFIRMED:
        raise unconfirmed
    if booking.starts_at <= now:
        raise begun
