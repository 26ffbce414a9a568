"""Reads of the calendars: who is subscribed, and what they are to see. A Connection will do where a Session is not
needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from booking.domain.boundaries import Envelope
from booking.domain.calendar import Appointment, Person, Scope, Site, Subscription
from booking.domain.intervals import Interval
from booking.domain.outcomes import Side
from booking.domain.schedule import Schedule
from booking.domain.states import CANCELLED, IN_CALENDARS, BookingStatus
from booking.models.bookings import Booking
from booking.models.feeds import CalendarFeed
from booking.queries.bookings import schedule_of
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.single_statements import SingleStatements, in_driver_words
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor

_MentorUser, _Mentee = aliased(User, name="mentor_user"), aliased(User, name="mentee")
_IN_FEEDS = sorted(IN_CALENDARS | CANCELLED)
_SUBSCRIPTION = (
    select(
        CalendarFeed.id,
        CalendarFeed.user_id,
        CalendarFeed.scope,
        CalendarFeed.with_join_link,
        CalendarFeed.with_cancelled,
        User.calendar_revision,
        User.calendar_changed_at,
        User.name,
        User.zone,
        User.locale,
    )
    .join(User, User.id == CalendarFeed.user_id)
    .where(CalendarFeed.secret_sha256 == bindparam("secret_sha256"), User.closed_at.is_(None))
)


_POLL = in_driver_words(_SUBSCRIPTION)


def site_of(settings: Settings) -> Site:
    return Site(settings.site_name, settings.public_url, settings.meeting_url)


def polled(statements: SingleStatements, secret_sha256: bytes) -> Subscription | None:
    """One read by a unique index, with all that a 304 needs."""
    return _subscription(statements.row(_POLL, {"secret_sha256": secret_sha256}))


def subscription(connection: Connection, secret_sha256: bytes) -> Subscription | None:
    """The same in a snapshot, beside what the calendar shows."""
    return _subscription(connection.execute(_SUBSCRIPTION, {"secret_sha256": secret_sha256}).one_or_none())


def appointments(connection: Connection, user_id: int, scope: Scope, within: Interval, site: Site) -> list[Appointment]:
    """What such a calendar may show of this person's sessions, of those that start within."""
    theirs = {
        Scope.MENTOR: Booking.mentor_id == user_id,
        Scope.MENTEE: Booking.mentee_id == user_id,
    }.get(scope, or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id))
    statement = _appointments().where(
        theirs,
        Booking.starts_at >= within.start,
        Booking.starts_at < within.end,
        Booking.status.in_(_IN_FEEDS),
    )
    return [_appointment(row, site) for row in connection.execute(statement).all()]  # not one by one


def appointment(session: Session, booking_id: int, site: Site) -> Appointment:
    return _appointment(session.execute(_appointments().where(Booking.id == booking_id)).one(), site)


def confirmed_appointment(
    session: Session, public_id: str, user_id: int, site: Site
) -> tuple[Appointment, Side] | None:
    """A session that is to take place, and this person's side of it; None for anybody else and any other state."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    statement = _appointments().where(Booking.public_id == public_id, Booking.status == BookingStatus.CONFIRMED, theirs)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    found = _appointment(row, site)
    return found, found.side_of(user_id)


def open_schedule(session: Session, mentor_id: int, envelope: Envelope) -> Schedule:
    """Without hours for who takes no bookings at the moment."""
    schedule = schedule_of(session, mentor_id, envelope)
    status = session.scalar(select(Mentor.status).where(Mentor.id == mentor_id))
    return schedule if status == MentorStatus.APPROVED else replace(schedule, weekly={}, overrides={})


def feeds_of(session: Session, user_id: int) -> list[CalendarFeed]:
    return list(session.scalars(select(CalendarFeed).where(CalendarFeed.user_id == user_id).order_by(CalendarFeed.id)))


def _subscription(row: Iterable[Any] | None) -> Subscription | None:
    if row is None:
        return None
    feed_id, user_id, scope, with_join_link, with_cancelled, revision, changed_at, name, zone, language = row
    return Subscription(
        feed_id=feed_id,
        user_id=user_id,
        scope=Scope(scope),
        with_join_link=with_join_link,
        with_cancelled=with_cancelled,
        revision=revision,
        changed_at=changed_at,
        owner=Person(name, zone),
        language=language,
    )


def _appointments() -> Select[*tuple[object, ...]]:
    return (
        select(
            Booking.public_id,
            Booking.uid,
            Booking.sequence,
            Booking.status,
            Booking.title,
            Booking.starts_at,
            Booking.ends_at,
            Booking.created_at,
            Booking.changed_at,
            Booking.mentor_id,
            Booking.zone.label("mentor_zone"),
            _MentorUser.name.label("mentor_name"),
            _Mentee.zone.label("mentee_zone"),
            _Mentee.name.label("mentee_name"),
            Mentor.meeting_url,
        )
        .join(Mentor, Mentor.id == Booking.mentor_id)
        .join(_MentorUser, _MentorUser.id == Booking.mentor_id)
        .join(_Mentee, _Mentee.id == Booking.mentee_id)
        .order_by(Booking.starts_at, Booking.uid)
    )


def _appointment(row: Row[*tuple[object, ...]], site: Site) -> Appointment:
    return Appointment(
        public_id=row.public_id,
        uid=row.uid,
        sequence=row.sequence,
        status=BookingStatus(row.status),
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        created_at=row.created_at,
        changed_at=row.changed_at,
        mentor_id=row.mentor_id,
        mentor=Person(row.mentor_name, row.mentor_zone),
        mentee=Person(row.mentee_name, row.mentee_zone),
        meeting_url=row.meeting_url or site.meeting_url,
    )
