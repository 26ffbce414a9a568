"""Change when a mentor works. Every change takes the mentor's lock before it reads (docs/locking.md): no time is judged
by hours that are gone once this is committed. No change touches a session (rule `business_hours_only`): each function
gives the sessions that it would leave outside, and writes only if the mentor was told of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.orm import Session

from booking.domain.affected import newly_outside, newly_over_caps
from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import MinuteRange, WeeklyHours
from booking.domain.schedule import Schedule
from booking.domain.typed_hours import compact
from booking.models.bookings import Booking, BoundaryRow, DateOverride, WorkingHours
from booking.models.days import TimeOff
from booking.queries.bookings import CAP_REACH, schedule_of
from booking.queries.hours import sessions_from
from booking.services.locks import lock_people
from marketplace.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from marketplace.core.jobs import enqueue
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor

MOST_DATES = 400
MOST_TIME_OFF = 50
FURTHEST = timedelta(days=731)
"""How far ahead a date or time off may lie."""
_MINUTE = timedelta(minutes=1)

Told = Collection[str]
"""The public ids of the sessions that the mentor knows the change to leave outside."""


class HoursChanged(Conflict):
    """The weekly hours are not those that were on the page any more."""


class HoursLocked(NotAllowed):
    """A suspended mentor's hours stay as they are."""


class TooMuchWritten(RuleBroken):
    """More dates or more time off than anybody needs."""


def set_week(
    session: Session, mentor_id: int, weekly: WeeklyHours, *, instead_of: str, told: Told, now: datetime
) -> list[Booking]:
    """`instead_of` are the hours that the page began from, compact. Raises HoursChanged, HoursLocked."""
    before = open_for_change(session, mentor_id)
    if compact(before.weekly) != instead_of:
        raise HoursChanged(
            "Your hours were changed meanwhile, perhaps in another tab. Look at them here, then save again."
        )
    after = replace(before, weekly=weekly)
    if outside := untold(session, mentor_id, before, after, told, now):
        return outside
    session.execute(delete(WorkingHours).where(WorkingHours.mentor_id == mentor_id))
    session.add_all(
        WorkingHours(mentor_id=mentor_id, weekday=weekday, minutes=_stored(ranges))
        for weekday, ranges in weekly.items()
        if ranges
    )
    session.flush()
    return []


def set_dates(
    session: Session,
    mentor_id: int,
    days: Iterable[date],
    ranges: tuple[MinuteRange, ...] | None,
    *,
    told: Told,
    now: datetime,
) -> list[Booking]:
    """Other hours on these dates; none: closed; None: the weekly ones again. Raises TooMuchWritten, HoursLocked."""
    before = open_for_change(session, mentor_id)
    today, wanted = before.zones.day_of(now), set(days)
    kept = {day: hours for day, hours in before.overrides.items() if day not in wanted}
    after = replace(before, overrides={**kept, **({} if ranges is None else dict.fromkeys(wanted, ranges))})
    if sum(day >= today for day in after.overrides) > MOST_DATES:
        raise TooMuchWritten("You can give at most %(most)s dates hours of their own.", most=MOST_DATES)
    if outside := untold(session, mentor_id, before, after, told, now):
        return outside
    theirs = DateOverride.mentor_id == mentor_id
    # The past is over: forgotten here, so that what every look at a mentor reads does not grow for ever.
    session.execute(delete(DateOverride).where(theirs, DateOverride.day.in_(wanted) | (DateOverride.day < today)))
    if ranges is not None:
        session.add_all(DateOverride(mentor_id=mentor_id, day=day, minutes=_stored(ranges)) for day in sorted(wanted))
    session.flush()
    return []


def add_time_off(
    session: Session, mentor_id: int, start: datetime, end: datetime, *, told: Told, now: datetime
) -> list[Booking]:
    """[start, end) in naive wall-clock time of the mentor's zone; joined with time off that it overlaps or touches.

    Raises TooMuchWritten, HoursLocked.
    """
    before = open_for_change(session, mentor_id)
    after = replace(before, time_off=(*before.time_off, (start, end)))
    local_now = before.zones.clock(now)
    if sum(ends > local_now for _, ends in after.time_off) > MOST_TIME_OFF:
        raise TooMuchWritten("You can write down at most %(most)s spans of time off.", most=MOST_TIME_OFF)
    if outside := untold(session, mentor_id, before, after, told, now):
        return outside
    theirs = TimeOff.mentor_id == mentor_id
    met = _to_join(session, mentor_id, start, end)
    whole = Range(min([start, *(starts for starts, _ in met)]), max([end, *(ends for _, ends in met)]))
    over = func.upper(TimeOff.span) < local_now - timedelta(days=1)
    session.execute(delete(TimeOff).where(theirs, func.lower(TimeOff.span).in_([span[0] for span in met]) | over))
    session.add(TimeOff(mentor_id=mentor_id, span=whole))
    session.flush()
    return []


def _to_join(session: Session, mentor_id: int, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The time off that overlaps a new span or touches it. The rest of a closed week stays by itself as long as it can,
    so that it can be opened again."""
    away = select(TimeOff.span, TimeOff.closes_week).where(TimeOff.mentor_id == mentor_id)
    spans = ((row.span.lower, row.span.upper, row.closes_week is None) for row in session.execute(away))
    return [
        (starts, ends)
        for starts, ends, touches in spans
        if (starts < end and start < ends) or (touches and (starts == end or start == ends))
    ]


def remove_time_off(session: Session, mentor_id: int, time_off_id: int) -> None:
    """Raises NotFound, also for another's; HoursLocked."""
    open_for_change(session, mentor_id)
    theirs = (TimeOff.id == time_off_id, TimeOff.mentor_id == mentor_id)
    if session.execute(delete(TimeOff).where(*theirs).returning(TimeOff.id)).first() is None:
        raise NotFound("This time off is not there any more.")


def set_boundaries(session: Session, mentor_id: int, limits: Boundaries, *, told: Told, now: datetime) -> list[Booking]:
    """Gives the sessions of days and weeks on which more is booked than the new caps allow. Raises HoursLocked."""
    before = open_for_change(session, mentor_id)

    def over(sessions: Collection[Interval]) -> set[Interval]:
        return newly_over_caps(before.boundaries, limits, sessions, before.zones)

    if too_much := _untold_of(session, mentor_id, over, told, now):
        return too_much
    values = _columns(limits)
    statement = insert(BoundaryRow).values(mentor_id=mentor_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[BoundaryRow.mentor_id], set_=values))
    return []


def open_for_change(session: Session, mentor_id: int) -> Schedule:
    """The mentor's lock, and then what is written down. The envelope in it is not the site's, and is not read here.
    Once it has changed, reminders are planned by it.

    Raises HoursLocked.
    """
    lock_people(session, (mentor_id,))
    if session.scalar(select(Mentor.status).where(Mentor.id == mentor_id)) == MentorStatus.SUSPENDED:
        raise HoursLocked("Your page is suspended, so your hours stay as they are. Ask the site's operator.")
    enqueue(session, "booking:plan_reminders", once=f"plan-reminders-{mentor_id}", user_id=mentor_id)
    return schedule_of(session, mentor_id, Envelope())


def untold(
    session: Session, mentor_id: int, before: Schedule, after: Schedule, told: Told, now: datetime
) -> list[Booking]:
    """All the sessions ahead that the change would leave outside, or none if the mentor was told of each."""

    def left_outside(sessions: Collection[Interval]) -> set[Interval]:
        return newly_outside(before, after, sessions)

    return _untold_of(session, mentor_id, left_outside, told, now)


def _untold_of(
    session: Session,
    mentor_id: int,
    affected: Callable[[Collection[Interval]], set[Interval]],
    told: Told,
    now: datetime,
) -> list[Booking]:
    """All the affected sessions that are not over, or none if the mentor was told of each."""
    # Caps count the whole week, so that what is over counts too.
    sessions = {
        Interval(each.starts_at, each.ends_at): each for each in sessions_from(session, mentor_id, now - CAP_REACH)
    }
    found = sorted(span for span in affected(sessions.keys()) if span.end > now)
    is_news = any(sessions[span].public_id not in told for span in found)
    return [sessions[span] for span in found] if is_news else []


def _stored(ranges: Iterable[MinuteRange]) -> list[Range[int]]:
    return [Range(start, end) for start, end in ranges]


def _columns(limits: Boundaries) -> dict[str, int]:
    return {
        "notice_minutes": limits.notice // _MINUTE,
        "horizon_days": limits.horizon // timedelta(days=1),
        "step_minutes": limits.step // _MINUTE,
        "buffer_before_minutes": limits.buffer_before // _MINUTE,
        "buffer_after_minutes": limits.buffer_after // _MINUTE,
        "sessions_a_day": limits.sessions_a_day,
        "sessions_a_week": limits.sessions_a_week,
        "minutes_a_day": limits.minutes_a_day,
    }
