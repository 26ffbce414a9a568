"""What calendars show of a person has changed, though no session has: their name, or whether the join link is in it.

Keeps rule calendars_agree: Evolution takes a changed event only with a new DTSTAMP, and the trigger
`raise_calendar_revisions` raises both people's revisions with it. SEQUENCE stays: nobody has to answer an invitation
again (RFC 5546, 2.1.4). Tombstones are left alone: how long they stay is counted from their last change.
"""

from datetime import datetime

from sqlalchemy import select, union, update
from sqlalchemy.orm import Session

from booking.domain.states import IN_CALENDARS
from booking.models.bookings import Booking
from booking.services.locks import lock_people


def show_changes(session: Session, user_id: int, *, ending_after: datetime, now: datetime) -> None:
    """On this person's sessions that end after that instant, and so in the calendars of everybody they meet."""
    shown = (Booking.ends_at > ending_after, Booking.status.in_(IN_CALENDARS))
    met = union(
        select(Booking.mentor_id).where(Booking.mentee_id == user_id, *shown),
        select(Booking.mentee_id).where(Booking.mentor_id == user_id, *shown),
    )
    people = {user_id, *session.execute(met).scalars()}
    lock_people(session, people)
    theirs = (Booking.mentor_id == user_id) | (Booking.mentee_id == user_id)
    # Whoever booked between the two reads is not locked, and has the new state anyway.
    both_locked = (Booking.mentor_id.in_(people), Booking.mentee_id.in_(people))
    session.execute(update(Booking).where(theirs, *shown, *both_locked).values(changed_at=now))
