"""What calendars show of a person has changed, though no session has: their name, or where they meet.

Keeps rule calendars_agree: the trigger `raise_calendar_revisions` sees the new `changed_at`. SEQUENCE stays: nobody has
to answer an invitation again (RFC 5546, 2.1.4).
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED, IN_CALENDARS
from booking.models import Booking
from booking.services.locks import lock_people


def show_changes(session: Session, user_id: int, *, now: datetime) -> None:
    """On every session of this person that a calendar shows, and so in both people's calendars."""
    shown = Booking.status.in_(IN_CALENDARS | CANCELLED)
    theirs = shown & or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    pairs = session.execute(select(Booking.mentor_id, Booking.mentee_id).where(theirs).distinct()).all()
    lock_people(session, {person for pair in pairs for person in pair})
    session.execute(
        update(Booking).where(theirs).values(changed_at=now), execution_options={"synchronize_session": False}
    )
