"""Reads of busy calendars: for their owners, for who reads them in, and for whoever judges a time by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, joinedload

from booking.domain.busy import Trouble
from booking.domain.calendar import busy_uid
from booking.domain.intervals import Interval
from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from booking.models.busy import BusyCalendar, BusyTime
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor


@dataclass(frozen=True, slots=True)
class Clash:
    """A session that was booked before its person's calendar said that they are busy then."""

    booking: Booking
    calendars: tuple[str, ...]


def busy_times(session: Session, people: Iterable[int], reach: Range[datetime]) -> dict[int, list[Interval]]:
    """What the calendars of these people say, by person. One statement: of each calendar all or nothing of what was
    read at one time."""
    found: defaultdict[int, list[Interval]] = defaultdict(list)
    statement = select(BusyTime.user_id, BusyTime.span).where(
        BusyTime.user_id.in_(list(people)), BusyTime.span.op("&&")(reach)
    )
    for row in session.execute(statement):
        found[row.user_id].append(Interval(row.span.lower, row.span.upper))
    return found


def calendars_of(session: Session, user_id: int) -> list[BusyCalendar]:
    statement = select(BusyCalendar).where(BusyCalendar.user_id == user_id).order_by(BusyCalendar.id)
    return list(session.scalars(statement))


def times_within(session: Session, calendars: Sequence[BusyCalendar], within: Interval) -> dict[int, int]:
    """How many busy times each calendar has then."""
    ids = [each.id for each in calendars]
    rows = session.execute(
        select(BusyTime.calendar_id, func.count())
        .where(BusyTime.calendar_id.in_(ids), BusyTime.span.op("&&")(Range(within.start, within.end)))
        .group_by(BusyTime.calendar_id)
    )
    return {row[0]: row[1] for row in rows}


def sessions_met(session: Session, user_id: int, now: datetime) -> list[Clash]:
    """The person's sessions ahead, from either side, that lie within what one of their calendars says."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    spans = func.tstzrange(Booking.starts_at, Booking.ends_at)
    rows = session.execute(
        select(Booking, BusyCalendar)
        .join(BusyTime, (BusyTime.user_id == user_id) & BusyTime.span.op("&&")(spans))
        .join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
        .where(theirs, Booking.ends_at > now, Booking.status.in_(OCCUPYING))
        .options(joinedload(Booking.mentee), joinedload(Booking.mentor).joinedload(Mentor.user))
        .order_by(Booking.starts_at, Booking.id, BusyCalendar.id)
    )
    found: dict[int, tuple[Booking, list[str]]] = {}
    for booking, calendar in rows:
        titles = found.setdefault(booking.id, (booking, []))[1]
        if calendar.title not in titles:
            titles.append(calendar.title)
    return [Clash(booking, tuple(titles)) for booking, titles in found.values()]


def to_read(session: Session, now: datetime, limit: int = 500) -> list[int]:
    """Calendars whose time to be read has come, the longest overdue first."""
    statement = (
        select(BusyCalendar.id)
        .where(BusyCalendar.next_read_at <= now)
        .order_by(BusyCalendar.next_read_at, BusyCalendar.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are; should have been read before a moment; do not answer; and have an address that does not open
    with the present SECRET_KEY."""

    known: int
    overdue: int
    failing: int
    sealed: int


def counted_calendars(session: Session, due_before: datetime) -> Counted:
    overdue = func.count().filter(BusyCalendar.next_read_at < due_before)
    failing = func.count().filter(BusyCalendar.trouble.is_not(None))
    sealed = func.count().filter(BusyCalendar.trouble == Trouble.SEALED)
    return Counted(*session.execute(select(func.count(), overdue, failing, sealed).select_from(BusyCalendar)).one())


def own_uids(session: Session, user_id: int, since: datetime) -> list[str]:
    """Under which this person's sessions stand in calendars, those that are called off or moved away too: an app may
    show them for a while yet."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    uids = list(session.scalars(select(Booking.uid).where(theirs, Booking.created_at > since).order_by(Booking.id)))
    return [*uids, *map(busy_uid, uids)]


def home_of(session: Session, user_id: int) -> str:
    """The zone in which this person's days are meant."""
    zone = func.coalesce(Mentor.zone, User.zone)
    statement = select(zone).select_from(User).outerjoin(Mentor, Mentor.id == User.id).where(User.id == user_id)
    return str(session.execute(statement).scalar_one())
