"""Reads of booking. Whatever lists a time or judges one goes through `diary`, so that both see the same."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from heapq import nsmallest
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Integer, and_, case, func, or_, select, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.caps import Taken
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.recurrence import NO_DAYS_OFF, MinuteRange, WeeklyHours
from booking.domain.schedule import Schedule
from booking.domain.slots import Slot
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking, BoundaryRow, DateOverride, Occupancy, WorkingHours
from booking.models.days import TimeOff
from booking.models.moves import PROPOSED_FOR_IT, MoveProposal
from booking.queries.busy import busy_times
from booking.queries.days import days_off_of, journeys_of
from marketplace.core.config import Settings
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering

CAP_REACH = timedelta(days=8)
"""Caps look at whole local weeks, so what counts may lie this far from the time that is asked about."""
NEAREST = 6
LOOK_AHEAD = timedelta(days=60)
_INSTANT = DateTime(timezone=True)


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


def nearest_free(
    session: Session,
    *,
    offering: Offering,
    mentee_id: int,
    wanted: datetime,
    now: datetime,
    envelope: Envelope,
) -> list[Slot]:
    """The free times nearest to one that was wanted and is lost, in their order; none with who takes no bookings."""
    mentor = session.execute(select(Mentor.status, Mentor.can_be_paid).where(Mentor.id == offering.mentor_id)).one()
    can_be_sold = mentor.can_be_paid or not offering.price_minor
    if mentor.status != MentorStatus.APPROVED or not offering.active or not can_be_sold:
        return []
    found = bookable_slots(
        session,
        mentor_id=offering.mentor_id,
        minutes=offering.minutes,
        window=Interval(now, now + LOOK_AHEAD),
        now=now,
        envelope=envelope,
        mentee_id=mentee_id,
    )
    return sorted(nsmallest(NEAREST, found, key=lambda slot: abs(slot.start - wanted)))


def diary(
    session: Session,
    *,
    mentor_id: int,
    mentee_id: int | None,
    around: Interval,
    envelope: Envelope,
    without: Collection[int] = (),
    mentee_asks: bool = True,
) -> Diary:
    """`without` leaves bookings out, when they are to be moved or given back. Unless it is the mentee who asks,
    what the mentee's own calendars say plays no part, and nobody can find it out. KeyError for who is no mentor."""
    found = diaries(
        session,
        [mentor_id],
        mentee_id=mentee_id,
        around=around,
        envelope=envelope,
        without=without,
        mentee_asks=mentee_asks,
    )
    return found[mentor_id]


def diaries(
    session: Session,
    mentor_ids: Iterable[int],
    *,
    mentee_id: int | None,
    around: Interval,
    envelope: Envelope,
    without: Collection[int] = (),
    mentee_asks: bool = True,
) -> dict[int, Diary]:
    """By mentor, in a number of queries that does not grow with them; who is no mentor is left out."""
    ids = list(mentor_ids)
    reach = Range(around.start - CAP_REACH, around.end + CAP_REACH)
    people = ids if mentee_id is None else [*ids, mentee_id]
    rows = session.execute(
        select(
            Occupancy.user_id,
            func.lower(Occupancy.span, type_=_INSTANT).label("taken_from"),
            func.upper(Occupancy.span, type_=_INSTANT).label("taken_until"),
            Booking.id,
            Booking.mentor_id,
            case((Occupancy.is_proposed, MoveProposal.starts_at), else_=Booking.starts_at).label("starts_at"),
            case((Occupancy.is_proposed, MoveProposal.ends_at), else_=Booking.ends_at).label("ends_at"),
        )
        .join(Booking, Booking.id == Occupancy.booking_id)
        .outerjoin(MoveProposal, PROPOSED_FOR_IT)
        .where(Occupancy.user_id.in_(people), Occupancy.span.op("&&")(reach), Booking.id.not_in(without))
        .order_by(Booking.starts_at)
    )
    sessions: defaultdict[int, list[Taken]] = defaultdict(list)
    busy: defaultdict[int, list[Interval]] = defaultdict(list)
    for row in rows:
        busy[row.user_id].append(Interval(row.taken_from, row.taken_until))
        if row.user_id == row.mentor_id:
            sessions[row.user_id].append(Taken(row.starts_at, row.ends_at, of=row.id))
    said = busy_times(session, people if mentee_asks else ids, reach)
    return {
        mentor_id: Diary(
            schedule,
            sessions[mentor_id],
            mentor_busy=[*busy[mentor_id], *said.get(mentor_id, ())],
            mentee_busy=busy[mentee_id] if mentee_id is not None else [],
            mentee_away=said.get(mentee_id, []) if mentee_id is not None and mentee_asks else [],
        )
        for mentor_id, schedule in schedules_of(session, ids, envelope).items()
    }


def schedule_of(session: Session, mentor_id: int, envelope: Envelope) -> Schedule:
    """What the mentor and the site have written down. KeyError for who is no mentor."""
    return schedules_of(session, [mentor_id], envelope)[mentor_id]


def schedules_of(session: Session, mentor_ids: Iterable[int], envelope: Envelope) -> dict[int, Schedule]:
    """By mentor; who is no mentor is left out."""
    ids = list(mentor_ids)
    weekly, overrides, away = weekly_hours_of(session, ids), _overrides_of(session, ids), _time_off_of(session, ids)
    days_off, journeys = days_off_of(session, ids), journeys_of(session, ids)
    mentors = session.execute(
        select(Mentor.id, Mentor.zone, BoundaryRow)
        .outerjoin(BoundaryRow, BoundaryRow.mentor_id == Mentor.id)
        .where(Mentor.id.in_(ids))
        .execution_options(populate_existing=True)  # who judges under a lock must not see boundaries from before it
    )
    return {
        mentor.id: Schedule(
            zone=ZoneInfo(mentor.zone),
            weekly=weekly.get(mentor.id, {}),
            overrides=overrides.get(mentor.id, {}),
            time_off=tuple(away.get(mentor.id, ())),
            boundaries=boundaries_in(mentor.BoundaryRow),
            envelope=envelope,
            days_off=days_off.get(mentor.id, NO_DAYS_OFF),
            journeys=tuple(each.journey for each in journeys.get(mentor.id, ())),
        )
        for mentor in mentors
    }


def weekly_hours_of(session: Session, mentor_ids: Iterable[int]) -> dict[int, WeeklyHours]:
    """By mentor; who has none is left out. In numbers: a page of search reads a thousand ranges, and Python takes ten
    times as long as PostgreSQL to take one apart."""
    parts = func.unnest(WorkingHours.minutes).table_valued("span", name="part").render_derived()
    opens, closes = func.lower(parts.c.span, type_=Integer), func.upper(parts.c.span, type_=Integer)
    rows = session.execute(
        select(WorkingHours.mentor_id, WorkingHours.weekday, opens, closes)
        .select_from(WorkingHours)
        .join(parts, true())
        .where(WorkingHours.mentor_id.in_(list(mentor_ids)))
        .order_by(WorkingHours.mentor_id, WorkingHours.weekday, opens)
    )
    found: defaultdict[int, dict[int, tuple[MinuteRange, ...]]] = defaultdict(dict)
    for mentor_id, weekday, opens_at, closes_at in rows:
        found[mentor_id][weekday] = (*found[mentor_id].get(weekday, ()), (opens_at, closes_at))
    return dict(found)


def usual_weeks_of(session: Session, mentor_ids: Iterable[int]) -> dict[int, WeeklyHours]:
    """The same without the weekdays that are protected."""
    ids = list(mentor_ids)
    off = days_off_of(session, ids)
    return {
        mentor_id: {
            day: ranges for day, ranges in weekly.items() if day not in off.get(mentor_id, NO_DAYS_OFF).weekdays
        }
        for mentor_id, weekly in weekly_hours_of(session, ids).items()
    }


def _overrides_of(session: Session, mentor_ids: list[int]) -> dict[int, dict[date, tuple[MinuteRange, ...]]]:
    found: defaultdict[int, dict[date, tuple[MinuteRange, ...]]] = defaultdict(dict)
    statement = select(DateOverride.mentor_id, DateOverride.day, DateOverride.minutes)
    for row in session.execute(statement.where(DateOverride.mentor_id.in_(mentor_ids))):
        found[row.mentor_id][row.day] = minute_ranges(row.minutes)
    return found


def _time_off_of(session: Session, mentor_ids: list[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    found: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    statement = select(TimeOff.mentor_id, TimeOff.span).where(TimeOff.mentor_id.in_(mentor_ids))
    for row in session.execute(statement):
        if row.span.lower and row.span.upper:
            found[row.mentor_id].append((row.span.lower, row.span.upper))
    return found


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


def ever_booked(session: Session, offering_ids: Iterable[int]) -> set[int]:
    """Those of these offerings that somebody has held or booked at any time."""
    statement = select(Booking.offering_id).where(Booking.offering_id.in_(list(offering_ids))).distinct()
    return set(session.scalars(statement))


def overdue_holds(session: Session, people: Iterable[int], around: Interval, now: datetime) -> list[int]:
    """Holds whose time is over and that may still stand in the way of these people's slot, or count in a cap."""
    near = and_(Booking.starts_at < around.end + CAP_REACH, Booking.ends_at > around.start - CAP_REACH)
    theirs = or_(Booking.mentor_id.in_(people), Booking.mentee_id.in_(people))
    overdue = and_(Booking.status == BookingStatus.HELD, Booking.held_until <= now)
    return list(session.scalars(select(Booking.id).where(overdue, near, theirs).order_by(Booking.id)))
