"""Reads about fit: a person's own answers, and what is told of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.mentorships.domain.fit import ASKED_FOR, LETTER_AFTER, STILL_FITS, Counted, is_due, last_due, month_of
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.offerings.models import Offering, OfferingKind

LETTER_WITHIN = timedelta(days=1)
"""A worker that was away longer writes no letter: the question stands on the page."""
TOOK_PLACE = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED)
"""Once they are over."""
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Asked:
    """The check that a person of a pair can answer now."""

    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A session after which both are asked by letter."""

    mentorship: Mentorship
    number: int


def checks_of(session: Session, mentorship_id: int, user_id: int) -> Sequence[FitCheck]:
    """That person's own, in their order."""
    own = (FitCheck.mentorship_id == mentorship_id, FitCheck.by_id == user_id)
    return session.scalars(select(FitCheck).where(*own).order_by(FitCheck.number)).all()


def asked_of(session: Session, mentorship: Mentorship, user_id: int, now: datetime) -> Asked | None:
    """What this person has neither answered nor left; in one statement."""
    own = (FitCheck.mentorship_id == mentorship.id, FitCheck.by_id == user_id)
    said = select(func.array_agg(FitCheck.number)).where(*own).scalar_subquery()
    pair = (Booking.mentor_id == mentorship.mentor_id, Booking.mentee_id == mentorship.mentee_id)
    measured = _measured(now).add_columns(said.label("said")).where(*pair).order_by(Booking.ends_at, Booking.id)
    rows = session.execute(measured).all()
    number = last_due(len(rows))
    if number is None or number in (rows[0].said or ()):
        return None
    until: datetime = rows[number - 1].ends_at + ASKED_FOR
    return Asked(number, until) if now < until else None


def to_ask(session: Session, now: datetime) -> list[Due]:
    """Of sessions that have just ended, those after which both are asked."""
    rows = session.execute(
        select(Mentorship, _how_many_until_its_end().label("number"))
        .join(Booking, (Booking.mentor_id == Mentorship.mentor_id) & (Booking.mentee_id == Mentorship.mentee_id))
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.status == BookingStatus.CONFIRMED, Offering.kind != OfferingKind.LISTENING)
        .where(Booking.ends_at > now - LETTER_WITHIN, Booking.ends_at <= now - LETTER_AFTER)
        .order_by(Booking.id)
    )
    return [Due(mentorship, number) for mentorship, number in rows if is_due(number)]


def of_mentors_pairs(session: Session, mentor_id: int, now: datetime) -> Counted:
    """What the mentees of a mentor last said in months that are closed, of twelve."""
    theirs = (Mentorship.mentor_id == mentor_id, FitCheck.by_id == Mentorship.mentee_id)
    closed = FitCheck.at < month_of(now)
    recent = FitCheck.at >= month_of(now - YEAR)
    last = (
        select(FitCheck.person)
        .join(Mentorship, Mentorship.id == FitCheck.mentorship_id)
        .where(*theirs, closed, recent, FitCheck.person.is_not(None))
        .ext(distinct_on(FitCheck.mentorship_id))
        .order_by(FitCheck.mentorship_id, FitCheck.at.desc(), FitCheck.number.desc())
        .subquery()
    )
    misfits = func.count().filter(last.c.person < STILL_FITS)
    people, said_no = session.execute(select(func.count(), misfits).select_from(last)).one()
    return Counted(people, said_no)


def by_month(session: Session, now: datetime) -> list[tuple[datetime, Counted]]:
    """Closed months in which somebody answered, the newest first: each person of each pair once, by their last word."""
    month = func.date_trunc("month", FitCheck.at, "UTC")
    each = (FitCheck.mentorship_id, FitCheck.by_id, month)
    last = (
        select(month.label("month"), FitCheck.person)
        .where(FitCheck.at < month_of(now), FitCheck.person.is_not(None))
        .where(FitCheck.at >= month_of(now - YEAR))
        .ext(distinct_on(*each))
        .order_by(*each, FitCheck.at.desc(), FitCheck.number.desc())
        .subquery()
    )
    misfits = func.count().filter(last.c.person < STILL_FITS)
    rows = session.execute(
        select(last.c.month, func.count(), misfits).group_by(last.c.month).order_by(last.c.month.desc())
    )
    return [(row[0], Counted(row[1], row[2])) for row in rows]


def _measured(now: datetime) -> Select[datetime]:
    """When sessions ended that took place; where somebody is only listened to, nothing is measured."""
    return (
        select(Booking.ends_at)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.status.in_(TOOK_PLACE), Booking.ends_at <= now, Offering.kind != OfferingKind.LISTENING)
    )


def _how_many_until_its_end() -> ColumnElement[int]:
    """Which of its pair's sessions a booking is."""
    before, offering = aliased(Booking), aliased(Offering)
    return (
        select(func.count())
        .join_from(before, offering, offering.id == before.offering_id)
        .where(before.mentor_id == Mentorship.mentor_id, before.mentee_id == Mentorship.mentee_id)
        .where(
            before.status.in_(TOOK_PLACE), offering.kind != OfferingKind.LISTENING, before.ends_at <= Booking.ends_at
        )
        .correlate(Mentorship, Booking)
        .scalar_subquery()
    )
