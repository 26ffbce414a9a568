"""Reads of booking. Whatever lists a time or judges one goes through `diary`, so that both see the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain import slots
from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import MinuteRange, WeeklyHours
from booking.domain.refusals import Refusal
from booking.domain.slots import Schedule, Slot, Taken
from booking.domain.states import BookingStatus
from booking.models import Booking, BoundaryRow, DateOverride, Occupancy, TimeOff, WorkingHours
from marketplace.core.config import Settings
from marketplace.mentors.models import Mentor

CAP_REACH = timedelta(days=8)
"""Caps look at whole local weeks, so what counts may lie this far from the time that is asked about."""


@dataclass(frozen=True, slots=True)
class Diary:
    """All that decides whether a mentor can be booked by this mentee around some time."""

    schedule: Schedule
    sessions: list[Taken]
    mentor_busy: list[Interval]
    mentee_busy: list[Interval]

    def bookable(self, *, minutes: int, window: Interval, now: datetime) -> list[Slot]:
        return slots.bookable(
            self.schedule,
            minutes=minutes,
            window=window,
            now=now,
            sessions=self.sessions,
            mentor_busy=self.mentor_busy,
            mentee_busy=self.mentee_busy,
        )

    def why_not(self, start: datetime, *, minutes: int, now: datetime) -> Refusal | None:
        return slots.why_not(
            self.schedule,
            start,
            minutes=minutes,
            now=now,
            sessions=self.sessions,
            mentor_busy=self.mentor_busy,
            mentee_busy=self.mentee_busy,
        )


def envelope_of(settings: Settings) -> Envelope:
    return Envelope(settings.envelope_weekdays, settings.envelope_opens, settings.envelope_closes)


def bookable_slots(
    session: Session,
    *,
    mentor_id: int,
    minutes: int,
    window: Interval,
    now: datetime,
    envelope: Envelope,
    mentee_id: int | None = None,
) -> list[Slot]:
    """The times from which this mentor can be booked in the window, sorted; without those the mentee is busy at."""
    found = diary(session, mentor_id=mentor_id, mentee_id=mentee_id, around=window, envelope=envelope)
    return found.bookable(minutes=minutes, window=window, now=now)


def diary(
    session: Session,
    *,
    mentor_id: int,
    mentee_id: int | None,
    around: Interval,
    envelope: Envelope,
    without: int | None = None,
) -> Diary:
    """`without` leaves one booking out, when it is the one to be revived or moved."""
    reach = Range(around.start - CAP_REACH, around.end + CAP_REACH)
    people = [person for person in (mentor_id, mentee_id) if person is not None]
    rows = session.execute(
        select(Occupancy.user_id, Occupancy.span, Booking.mentor_id, Booking.starts_at, Booking.ends_at)
        .join(Booking, Booking.id == Occupancy.booking_id)
        .where(Occupancy.user_id.in_(people), Occupancy.span.op("&&")(reach), Booking.id.is_distinct_from(without))
        .order_by(Booking.starts_at)
    ).all()
    return Diary(
        schedule=schedule_of(session, mentor_id, envelope),
        sessions=[Taken(row.starts_at, row.ends_at) for row in rows if row.user_id == row.mentor_id == mentor_id],
        mentor_busy=[Interval(row.span.lower, row.span.upper) for row in rows if row.user_id == mentor_id],
        mentee_busy=[Interval(row.span.lower, row.span.upper) for row in rows if row.user_id == mentee_id],
    )


def schedule_of(session: Session, mentor_id: int, envelope: Envelope) -> Schedule:
    """What the mentor and the site have written down. Raises NoResultFound for who is no mentor."""
    mentor = session.execute(
        select(Mentor.zone, BoundaryRow)
        .outerjoin(BoundaryRow, BoundaryRow.mentor_id == Mentor.id)
        .where(Mentor.id == mentor_id)
    ).one()
    overrides = session.execute(
        select(DateOverride.day, DateOverride.minutes).where(DateOverride.mentor_id == mentor_id)
    )
    away = session.scalars(select(TimeOff.span).where(TimeOff.mentor_id == mentor_id))
    return Schedule(
        zone=ZoneInfo(mentor.zone),
        weekly=weekly_hours(session, mentor_id),
        overrides={row.day: minute_ranges(row.minutes) for row in overrides},
        time_off=tuple((span.lower, span.upper) for span in away if span.lower and span.upper),
        boundaries=boundaries_in(mentor.BoundaryRow),
        envelope=envelope,
    )


def weekly_hours(session: Session, mentor_id: int) -> WeeklyHours:
    rows = session.execute(
        select(WorkingHours.weekday, WorkingHours.minutes).where(WorkingHours.mentor_id == mentor_id)
    )
    return {row.weekday: minute_ranges(row.minutes) for row in rows}


def minute_ranges(stored: Iterable[Range[int]]) -> tuple[MinuteRange, ...]:
    return tuple((part.lower, part.upper) for part in stored if part.lower is not None and part.upper is not None)


def boundaries_in(row: BoundaryRow | None) -> Boundaries:
    """The defaults for a mentor who has set none."""
    if row is None:
        return Boundaries()
    return Boundaries(
        notice=timedelta(minutes=row.notice_minutes),
        horizon=timedelta(days=row.horizon_days),
        step=timedelta(minutes=row.step_minutes),
        buffer_before=timedelta(minutes=row.buffer_before_minutes),
        buffer_after=timedelta(minutes=row.buffer_after_minutes),
        sessions_a_day=row.sessions_a_day,
        sessions_a_week=row.sessions_a_week,
        minutes_a_day=row.minutes_a_day,
    )


def overdue_holds(session: Session, people: Iterable[int], around: Interval, now: datetime) -> list[int]:
    """Holds whose time is over and that may still stand in the way of these people's slot, or count in a cap."""
    near = and_(Booking.starts_at < around.end + CAP_REACH, Booking.ends_at > around.start - CAP_REACH)
    theirs = or_(Booking.mentor_id.in_(people), Booking.mentee_id.in_(people))
    overdue = and_(Booking.status == BookingStatus.HELD, Booking.held_until <= now)
    return list(session.scalars(select(Booking.id).where(overdue, near, theirs).order_by(Booking.id)))
