"""What the mentee wants to talk about: asked for at booking, kept until the session is over (rule yours_only).

No calendar shows it, so it changes no revision: what is written there stays between the two people.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.locks import lock_booking
from marketplace.core.errors import RuleBroken


class AgendaClosed(RuleBroken):
    """The session is over, or does not take place: what was asked for stays as it was."""


def write_agenda(session: Session, booking_id: int, agenda: str, *, now: datetime) -> Booking:
    """`agenda` is cleaned and of bounded length; empty takes it back. Raises AgendaClosed."""
    booking = lock_booking(session, booking_id)
    if not booking.occupies or booking.ends_at <= now:
        raise AgendaClosed("This session is over or called off, so what you wanted to talk about stays as it was.")
    booking.agenda = agenda or None
    session.flush()
    return booking
