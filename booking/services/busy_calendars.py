"""Busy calendars of a person: added, named, removed and read again one by one. The address is told to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.domain.busy_address import host_of
from booking.models.busy import BusyCalendar
from booking.services.busy_addresses import known_by, sealed
from booking.services.locks import lock_people
from marketplace.core.errors import Conflict, NotFound, RuleBroken
from marketplace.core.jobs import enqueue

MOST = 10
"""Busy calendars of one person."""
LANES = 2
"""So many are read at one moment, however many are due: the other jobs of a worker do not wait for strangers."""
NOT_SO_SOON = timedelta(minutes=1)


class TooManyBusyCalendars(RuleBroken):
    """They have MOST of them."""


class KnownCalendar(Conflict):
    """They have added this address before."""


def add(
    session: Session, user_id: int, address: str, *, name: str = "", secret_key: str, now: datetime
) -> BusyCalendar:
    """It is read at once, by the worker. Raises KnownCalendar, TooManyBusyCalendars."""
    lock_people(session, (user_id,))
    this = known_by(address, secret_key=secret_key)
    known = list(session.scalars(select(BusyCalendar.known_by).where(BusyCalendar.user_id == user_id)))
    if this in known:
        raise KnownCalendar("You have added this calendar before.")
    if len(known) >= MOST:
        raise TooManyBusyCalendars(
            "You have %(most)s busy calendars. Remove one that you do not need first.", most=MOST
        )
    calendar = BusyCalendar(
        user_id=user_id,
        name=name,
        host=host_of(address),
        sealed_address=sealed(address, secret_key=secret_key, user_id=user_id),
        known_by=this,
        created_at=now,
        next_read_at=now,
    )
    session.add(calendar)
    session.flush()
    enqueue_reading(session, calendar.id)
    return calendar


def rename(session: Session, user_id: int, calendar_id: int, name: str) -> None:
    """Raises NotFound."""
    own_busy_calendar(session, user_id, calendar_id).name = name
    session.flush()


def remove(session: Session, user_id: int, calendar_id: int) -> None:
    """What it said counts no more at once. Raises NotFound."""
    session.delete(own_busy_calendar(session, user_id, calendar_id))
    session.flush()


def read_again(session: Session, user_id: int, calendar_id: int, now: datetime) -> None:
    """Before its time, but not over and over: strangers' servers are not ours. Raises NotFound."""
    calendar = own_busy_calendar(session, user_id, calendar_id)
    if calendar.asked_at is None or calendar.asked_at <= now - NOT_SO_SOON:
        calendar.next_read_at = now
        enqueue_reading(session, calendar.id)


def end_busy_calendars(session: Session, user_id: int) -> None:
    """Of somebody whose account is closed."""
    session.execute(delete(BusyCalendar).where(BusyCalendar.user_id == user_id))


def enqueue_reading(session: Session, calendar_id: int) -> None:
    lane = f"booking:busy:{calendar_id % LANES}"
    enqueue(session, "booking:read_busy", once=f"booking:busy:{calendar_id}", lane=lane, calendar_id=calendar_id)


def own_busy_calendar(session: Session, user_id: int, calendar_id: int) -> BusyCalendar:
    """Its owner's lock, then its own: nobody judges a time by it meanwhile. Raises NotFound, also for another's."""
    lock_people(session, (user_id,))
    statement = select(BusyCalendar).where(BusyCalendar.user_id == user_id, BusyCalendar.id == calendar_id)
    calendar = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if calendar is None:
        raise NotFound("You have no such calendar.")
    return calendar
