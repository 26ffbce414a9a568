"""Reads of mentors."""

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, joinedload

from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor, MentorStatus

PUBLIC = frozenset({MentorStatus.APPROVED, MentorStatus.PAUSED})


def mentor_by_slug(session: Session, slug: str, *, viewer_id: int | None = None) -> Mentor:
    """With the user and the topics loaded. Raises NotFound, also for a page that only the mentor may see yet."""
    statement = select(Mentor).options(joinedload(Mentor.user), joinedload(Mentor.topics)).where(Mentor.slug == slug)
    mentor = session.scalars(statement).unique().one_or_none()
    if mentor is None or (mentor.status not in PUBLIC and mentor.id != viewer_id):
        raise NotFound("There is no mentor at this address.")
    return mentor


def takes_bookings(site_meeting_url: str) -> ColumnElement[bool]:
    """Approved, and somewhere to meet: `booking.services.hold` asks the same of a single mentor."""
    somewhere = true() if site_meeting_url else Mentor.meeting_url.is_not(None)
    return (Mentor.status == MentorStatus.APPROVED) & somewhere
