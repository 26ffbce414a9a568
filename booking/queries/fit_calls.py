"""Reads about fit calls, and of what was answered before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select
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
    found = {row.question: row.answer for row in rows}
    return {question: found[question] for question in Question if question in found}


def last_answers_of_pair(session: Session, mentor_id: int, mentee_id: int) -> Mapping[Question, str]:
    """What the mentee answered before the pair's last fit call that stands or took place; nothing without one."""
    booking_id = session.scalar(
        select(Booking.id)
        .join(BookingAnswer, BookingAnswer.booking_id == Booking.id)
        .where(Booking.mentor_id == mentor_id, Booking.mentee_id == mentee_id)
        .where(Booking.status.in_([BookingStatus.CONFIRMED, *TOOK_PLACE]))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(1)
    )
    return answers_of(session, booking_id) if booking_id else {}
