"""A mentor's week by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.domain.recurrence import instant
from booking.domain.states import CANCELLED, OCCUPYING
from booking.models.bookings import Booking
from marketplace.mentors.models import Mentor

ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekDay:
    day: date
    is_today: bool
    sessions: list[Booking]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday in the mentor's zone; `minutes` are those of the sessions that are not cancelled."""

    name: str
    previous: str
    following: str
    zone: ZoneInfo
    monday: date
    sunday: date
    days: list[WeekDay]
    count: int
    minutes: int


def week_of(session: Session, mentor: Mentor, monday: date, *, today: date) -> Week:
    zone = mentor.tz
    start, end = instant(monday, 0, zone), instant(monday + ONE_WEEK, 0, zone)
    found = sessions_between(session, mentor.id, start, end)
    kept = [booking for booking in found if booking.state not in CANCELLED]
    days = [monday + timedelta(days=offset) for offset in range(7)]
    return Week(
        name=iso_name(monday),
        previous=iso_name(monday - ONE_WEEK),
        following=iso_name(monday + ONE_WEEK),
        zone=zone,
        monday=monday,
        sunday=days[-1],
        days=[WeekDay(day, day == today, [b for b in found if b.local_start.date() == day]) for day in days],
        count=len(kept),
        minutes=sum(booking.minutes for booking in kept),
    )


def iso_name(monday: date) -> str:
    """`2026-W50`."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def sessions_between(session: Session, mentor_id: int, start: datetime, end: datetime) -> list[Booking]:
    """A mentor's sessions that start in [start, end), also those being booked and cancelled ones; mentees loaded."""
    shown = Booking.status.in_(OCCUPYING | CANCELLED)
    statement = (
        select(Booking)
        .options(joinedload(Booking.mentee))
        .where(Booking.mentor_id == mentor_id, Booking.starts_at >= start, Booking.starts_at < end, shown)
        .order_by(Booking.starts_at, Booking.id)
    )
    return list(session.scalars(statement))
