"""Reads of reviews: one pair's, and those that others may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.mentorships.domain.reviews import BLIND, Met, may_write, published_at
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.reviews import Review
from marketplace.offerings.models import Offering, OfferingKind

ON_THE_PAGE, PER_PAGE = 3, 20


@dataclass(frozen=True, slots=True)
class Reviews:
    """Of one pair, as one of the two sees it: `theirs` is there once it is published."""

    mine: Review | None
    theirs: Review | None
    may_write: bool
    published_at: datetime | None
    is_published: bool

    @property
    def is_anything(self) -> bool:
        return self.may_write or self.mine is not None or self.theirs is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """A published review as others read it; `name` is empty for who wanted none."""

    review: Review
    name: str


def reviews_of(session: Session, mentorship: Mentorship, user_id: int, now: datetime) -> Reviews:
    held, found = _met_and_written(session, mentorship)
    mine = next((each for each in found if each.by_id == user_id), None)
    theirs = next((each for each in found if each.by_id != user_id), None)
    written = [each.at for each in found]
    at = published_at(written)
    is_published = at is not None and at <= now
    open_to_both = may_write(held, written, now)
    return Reviews(mine, theirs if is_published else None, open_to_both, at, is_published)


def _met_and_written(session: Session, mentorship: Mentorship) -> tuple[Met, list[Review]]:
    """In one statement: what took place between the two stands beside each that they wrote, or beside nothing."""
    listened = func.count().filter(Offering.kind == OfferingKind.LISTENING)
    held = (
        select(func.count().label("sessions"), listened.label("listened"))
        .select_from(Booking)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.mentor_id == mentorship.mentor_id, Booking.mentee_id == mentorship.mentee_id)
        .where(Booking.status == BookingStatus.COMPLETED, Offering.kind != OfferingKind.FIT_CALL)
        .subquery()
    )
    rows = session.execute(
        select(held.c.sessions, held.c.listened, Review).outerjoin(Review, Review.mentorship_id == mentorship.id)
    ).all()
    return Met(rows[0].sessions, rows[0].listened), [row.Review for row in rows if row.Review is not None]


def of_mentor(
    session: Session, mentor_id: int, now: datetime, *, page: int = 1, most: int = PER_PAGE
) -> tuple[Sequence[Shown], int]:
    """What mentees wrote of this mentor, the newest first, and how many there are; in one statement."""
    about = (Mentorship.mentor_id == mentor_id, Review.by_id == Mentorship.mentee_id)
    return _shown(session, select(Review, User.name, func.count().over()).where(*about), now, (page - 1) * most, most)


def of_mentee(session: Session, mentorship: Mentorship, now: datetime) -> Sequence[Shown]:
    """What other mentors wrote of this mentee, for the mentee and for mentors whom they have booked."""
    others = (Mentorship.mentee_id == mentorship.mentee_id, Mentorship.id != mentorship.id)
    about = (*others, Review.by_id == Mentorship.mentor_id)
    return _shown(session, select(Review, User.name, func.count().over()).where(*about), now, 0, PER_PAGE)[0]


def _shown(
    session: Session, wanted: Select[Review, str, int], now: datetime, offset: int, most: int
) -> tuple[Sequence[Shown], int]:
    rows = session.execute(
        wanted.join(Mentorship, Mentorship.id == Review.mentorship_id)
        .join(User, User.id == Review.by_id)
        .where(_is_published(now), Review.hidden_at.is_(None))
        .order_by(Review.at.desc(), Review.id.desc())
        .offset(offset)
        .limit(most)
    ).all()
    shown = [Shown(review, name.split(maxsplit=1)[0] if review.is_named else "") for review, name, _ in rows]
    return shown, rows[0][2] if rows else 0


def _is_published(now: datetime) -> ColumnElement[bool]:
    """As `domain.reviews.published_at` says it."""
    other = aliased(Review)
    both = select(other.id).where(other.mentorship_id == Review.mentorship_id, other.id != Review.id)
    alone = or_(Review.at <= now - BLIND, both.where(other.at <= now - BLIND).exists())
    return or_(alone, and_(Review.at <= now, both.where(other.at <= now).exists()))
