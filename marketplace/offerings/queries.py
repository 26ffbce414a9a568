"""Reads of what is for sale, and of who sells it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import takes_bookings
from marketplace.offerings.models import Offering


def active_offerings(session: Session, mentor_ids: Iterable[int]) -> list[Offering]:
    """In the order in which each mentor put them."""
    theirs = Offering.mentor_id.in_(list(mentor_ids))
    statement = select(Offering).where(theirs, Offering.active).order_by(Offering.position, Offering.id)
    return list(session.scalars(statement))


def bookable_mentors(session: Session, *, site_meeting_url: str, offset: int, limit: int) -> list[Mentor]:
    """Who can be booked and has something to book, the longest here first; users and topics are loaded."""
    sells = select(Offering.id).where(Offering.mentor_id == Mentor.id, Offering.active).exists()
    statement = (
        select(Mentor)
        .options(joinedload(Mentor.user), selectinload(Mentor.topics))
        .where(takes_bookings(site_meeting_url), sells)
        .order_by(Mentor.id)
        .offset(offset)
        .limit(limit)
    )
    return list(session.scalars(statement))
