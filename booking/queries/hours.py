"""Reads of what mentors have written down about their time, for the pages on which they change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from booking.domain.boundaries import Boundaries
from booking.domain.recurrence import MinuteRange
from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking, BoundaryRow, DateOverride
from booking.models.days import TimeOff
from booking.queries.bookings import boundaries_in, minute_ranges


@dataclass(frozen=True, slots=True)
class Away:
    """Time off: naive wall-clock times in the mentor's zone, [start, end)."""

    id: int
    start: datetime
    end: datetime
    closes_week: date | None = None


def overrides_from(session: Session, mentor_id: int, first: date) -> Mapping[date, tuple[MinuteRange, ...]]:
    """The dates with hours of their own from `first` on; no ranges: closed."""
    rows = session.execute(
        select(DateOverride.day, DateOverride.minutes)
        .where(DateOverride.mentor_id == mentor_id, DateOverride.day >= first)
        .order_by(DateOverride.day)
    )
    return {row.day: minute_ranges(row.minutes) for row in rows}


def time_off_after(session: Session, mentor_id: int, moment: datetime) -> list[Away]:
    """What has not ended by `moment`, a naive wall-clock time in the mentor's zone; the next one first."""
    rows = session.execute(
        select(TimeOff.id, TimeOff.span, TimeOff.closes_week)
        .where(TimeOff.mentor_id == mentor_id, func.upper(TimeOff.span) > moment)
        .order_by(func.lower(TimeOff.span), TimeOff.id)
    )
    return [Away(row.id, row.span.lower, row.span.upper, row.closes_week) for row in rows]


def boundaries_of(session: Session, mentor_id: int) -> Boundaries:
    return boundaries_in(session.get(BoundaryRow, mentor_id))


def sessions_from(session: Session, mentor_id: int, moment: datetime) -> list[Booking]:
    """The mentor's sessions that take up time and end after `moment`, also those that are being booked; mentees are
    loaded."""
    statement = (
        select(Booking)
        .options(joinedload(Booking.mentee))
        .where(Booking.mentor_id == mentor_id, Booking.ends_at > moment, Booking.status.in_(OCCUPYING))
        .order_by(Booking.starts_at, Booking.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))
