"""What a mentee's own page puts first: the session that comes next, and what is open about it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.config import Settings
from marketplace.offerings.models import Offering, OfferingKind


@dataclass(frozen=True, slots=True)
class NextSession:
    """`lacks_agenda`: nobody has said yet what it is to be about; fit calls have questions of their own."""

    booking: Booking
    mentor_name: str
    join_url: str
    lacks_agenda: bool


def next_session(session: Session, upcoming: list[Booking], settings: Settings) -> NextSession | None:
    """Of the sessions ahead, sorted and with their mentors loaded, the first that is confirmed."""
    booking = next((each for each in upcoming if each.state is BookingStatus.CONFIRMED), None)
    if booking is None:
        return None
    kind = session.get_one(Offering, booking.offering_id).kind
    return NextSession(
        booking=booking,
        mentor_name=booking.mentor.user.name,
        join_url=booking.mentor.meets_at(settings.meeting_url),
        lacks_agenda=not booking.agenda and kind == OfferingKind.SESSION,
    )
