"""Reads about fit calls, and of what was answered before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from booking.domain.fit_calls import FitCall, Question
from booking.domain.states import TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking, BookingAnswer
from marketplace.offerings.models import Offering, OfferingKind


def fit_calls_of(session: Session, mentee_id: int, *, mentor_id: int, now: datetime) -> list[FitCall]:
    """Those with this mentor, and those with anybody that begin later than now."""
    rows = session.execute(
        select(Booking.public_id, Booking.mentor_id, Booking.status, Booking.starts_at, Booking.held_until)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(
            Booking.mentee_id == mentee_id,
            Offering.kind == OfferingKind.FIT_CALL,
            or_(Booking.mentor_id == mentor_id, Booking.starts_at > now),
        )
        .order_by(Booking.starts_at)
    )
    return [
        FitCall(row.public_id, row.mentor_id, BookingStatus(row.status), row.starts_at, row.held_until) for row in rows
    ]


def answers_of(session: Session, booking_id: int) -> Mapping[Question, str]:
    """In the order in which they were asked; for the session's two people only (rule yours_only)."""
    rows = session.execute(
        select(BookingAnswer.question, BookingAnswer.answer).where(BookingAnswer.booking_id == booking_id)
    )
    return in_order({row.question: row.answer for row in rows})


def in_order(told: Mapping[str, str]) -> Mapping[Question, str]:
    """In the order in which they were asked."""
    return {question: str(told[question]) for question in Question if question in told}


def last_told_of_pair(mentor_id: int, mentee_id: int) -> ScalarSelect[Mapping[str, str]]:
    """What the mentee answered before the pair's last fit call that stands or took place, by question; null without
    one."""
    last = (
        select(Booking.id)
        .join(BookingAnswer, BookingAnswer.booking_id == Booking.id)
        .where(Booking.mentor_id == mentor_id, Booking.mentee_id == mentee_id)
        .where(Booking.status.in_([BookingStatus.CONFIRMED, *TOOK_PLACE]))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    told = func.jsonb_object_agg(BookingAnswer.question, BookingAnswer.answer)
    return select(told).where(BookingAnswer.booking_id == last).scalar_subquery()
