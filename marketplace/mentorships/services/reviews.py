"""What the two say of each other: written blind, changed until it is published, answered once by the mentor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.ids import public_id
from marketplace.mentorships.domain.reviews import ASK_AFTER, ENOUGH_SESSIONS
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.reviews import Review
from marketplace.mentorships.queries.reviews import reviews_of
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.standing import lock_mentorship
from marketplace.mentorships.services.tell_messages import tell_review_time
from marketplace.offerings.models import Offering, OfferingKind


class ReviewsClosed(Conflict):
    """Reviews of a pair are written after enough sessions and before they are published."""


class AnsweredAlready(Conflict):
    """A review is answered once."""


@dataclass(frozen=True, slots=True)
class Words:
    """`is_named`: by the first name of who writes it."""

    words: str
    helped_with: str = ""
    is_named: bool = True


def review(session: Session, writer: Writer, said: Words) -> None:
    """The first time, or instead of what they said before. Raises ReviewsClosed.

    Under the mentorship's lock: nobody changes theirs when the other one's has made both public.
    """
    mentorship = lock_mentorship(session, writer.mentorship.id)
    known = reviews_of(session, mentorship, writer.user_id, writer.now)
    if not known.may_write:
        raise ReviewsClosed("Nothing can be written here at the moment. Please look at the page again.")
    row = known.mine
    if row is None:
        row = Review(public_id=public_id(), mentorship_id=mentorship.id, by_id=writer.user_id, at=writer.now)
        session.add(row)
    row.words, row.helped_with, row.is_named = said.words, said.helped_with, said.is_named
    row.changed_at = writer.now
    session.flush()


def answer(session: Session, writer: Writer, words: str) -> None:
    """Of the mentor, to what the mentee wrote. Raises NotFound before it is published, AnsweredAlready."""
    lock_mentorship(session, writer.mentorship.id)
    theirs = reviews_of(session, writer.mentorship, writer.user_id, writer.now).theirs
    if theirs is None:
        raise NotFound("There is nothing to answer.")
    if theirs.answered_at is not None:
        raise AnsweredAlready("You have answered this already.")
    theirs.answer, theirs.answered_at = words, writer.now
    session.flush()


def ask_for_reviews(session: Session, now: datetime, limit: int = 200) -> int:
    """Each pair once, a day after it has met often enough; says how many that were. Two at once take different ones."""
    held = _met(now)
    often = held.scalar_subquery() >= ENOUGH_SESSIONS
    listened = held.where(Offering.kind == OfferingKind.LISTENING).scalar_subquery() > 0
    rows = session.scalars(
        select(Mentorship)
        .where(Mentorship.reviews_asked_at.is_(None), or_(often, listened))
        .order_by(Mentorship.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    for row in rows:
        row.reviews_asked_at = now
        tell_review_time(session, row, now=now)
    session.flush()
    return len(rows)


def _met(now: datetime) -> Select[int]:
    """How many sessions of a mentorship took place long enough ago."""
    of_pair = (Booking.mentor_id == Mentorship.mentor_id) & (Booking.mentee_id == Mentorship.mentee_id)
    return (
        select(func.count())
        .select_from(Booking)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(of_pair, Booking.status == BookingStatus.COMPLETED, Booking.ends_at <= now - ASK_AFTER)
        .where(Offering.kind != OfferingKind.FIT_CALL)
        .correlate(Mentorship)
    )
