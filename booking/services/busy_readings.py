"""What became of reading a busy calendar, written down in one transaction under its owner's lock: whoever judges a time
sees all of what it said before, or all of what it says now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.busy import ASKED_AFTER, WHOLE_EVERY, Reading, Trouble, Unreadable, pause_after
from booking.domain.intervals import Interval
from booking.models.busy import LONGEST_TAG, BusyCalendar, BusyTime
from booking.queries.busy import home_of, own_uids
from booking.services.locks import lock_people
from booking.services.notify import tell_busy_silent

LEASE = timedelta(minutes=3)
"""Longer than a reading can take; then whoever read it must have died."""
UIDS_BACK = timedelta(days=800)
"""Sessions that were booked longer ago are over, or stand under another UID."""
PRIME = 7919


@dataclass(frozen=True, slots=True)
class Claim:
    """A calendar that is being read by who holds this; `number` says which reading it is."""

    calendar_id: int
    number: int
    user_id: int
    sealed_address: bytes
    etag: str | None
    last_modified: str | None
    zone: str
    ours: list[str]


@dataclass(frozen=True, slots=True)
class Tags:
    """What its server calls the state that was read."""

    etag: str | None
    last_modified: str | None


def claim(session: Session, calendar_id: int, now: datetime) -> Claim | None:
    """None when it is not due, is gone, or is being read by somebody else."""
    statement = select(BusyCalendar).where(BusyCalendar.id == calendar_id, BusyCalendar.next_read_at <= now)
    calendar = session.scalar(statement.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if calendar is None:
        return None
    calendar.reads += 1
    calendar.asked_at, calendar.next_read_at = now, now + LEASE
    session.flush()
    zone = home_of(session, calendar.user_id)
    known = calendar.zone == zone and calendar.whole_at is not None and calendar.whole_at > now - WHOLE_EVERY
    return Claim(
        calendar_id=calendar.id,
        number=calendar.reads,
        user_id=calendar.user_id,
        sealed_address=calendar.sealed_address,
        etag=calendar.etag if known else None,
        last_modified=calendar.last_modified if known else None,
        zone=zone,
        ours=own_uids(session, calendar.user_id, now - UIDS_BACK),
    )


def take(session: Session, claimed: Claim, reading: Reading, tags: Tags, *, now: datetime, every: timedelta) -> None:
    """It was read as a whole: what it says takes the place of what it said."""
    calendar = _claimed(session, claimed)
    if calendar is None:
        return
    _replace(session, calendar, reading.busy)
    calendar.events, calendar.unread, calendar.unzoned = reading.events, reading.unread, reading.unzoned
    calendar.whole_at, calendar.zone = now, claimed.zone
    calendar.etag, calendar.last_modified = _short(tags.etag), _short(tags.last_modified)
    _answered(calendar, now, every)
    session.flush()


def take_unchanged(session: Session, claimed: Claim, *, now: datetime, every: timedelta) -> None:
    """It says what it said."""
    calendar = _claimed(session, claimed)
    if calendar is None:
        return
    _answered(calendar, now, every)
    session.flush()


def note_trouble(session: Session, claimed: Claim, wrong: Unreadable, *, now: datetime, every: timedelta) -> None:
    """What it said before still counts. After a day its owner is asked, once until it answers again."""
    calendar = _claimed(session, claimed)
    if calendar is None:
        return
    if not calendar.failures:
        calendar.failing_since = now
        calendar.outages += 1
    calendar.failures += 1
    calendar.trouble, calendar.status = wrong.trouble, wrong.status if wrong.trouble is Trouble.STATUS else None
    calendar.next_read_at = now + _pause(calendar, every, wrong.again_in)
    if calendar.told_at is None and now - calendar.silent_since >= ASKED_AFTER:
        calendar.told_at = now
        tell_busy_silent(session, calendar.id, calendar.user_id, outage=calendar.outages, now=now)
    session.flush()


def _claimed(session: Session, claimed: Claim) -> BusyCalendar | None:
    """Under its owner's lock, then its own; None when it was removed, or somebody has begun to read it anew."""
    owner = session.scalar(select(BusyCalendar.user_id).where(BusyCalendar.id == claimed.calendar_id))
    if owner is None:
        return None
    lock_people(session, (owner,))
    statement = select(BusyCalendar).where(BusyCalendar.id == claimed.calendar_id, BusyCalendar.reads == claimed.number)
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def _replace(session: Session, calendar: BusyCalendar, busy: Iterable[Interval]) -> None:
    """Only what differs is written."""
    mine = BusyTime.calendar_id == calendar.id
    before = {(row.lower, row.upper) for row in session.scalars(select(BusyTime.span).where(mine))}
    after = {(each.start, each.end) for each in busy}
    if gone := before - after:
        session.execute(delete(BusyTime).where(mine, BusyTime.span.in_([Range(*span) for span in gone])))
    if new := sorted(after - before):
        rows = [{"calendar_id": calendar.id, "user_id": calendar.user_id, "span": Range(*span)} for span in new]
        session.execute(insert(BusyTime), rows)


def _answered(calendar: BusyCalendar, now: datetime, every: timedelta) -> None:
    calendar.answered_at = now
    calendar.failures = 0
    calendar.failing_since = calendar.trouble = calendar.status = calendar.told_at = None
    calendar.next_read_at = now + _pause(calendar, every)


def _pause(calendar: BusyCalendar, every: timedelta, again_in: int | None = None) -> timedelta:
    spread = (calendar.id * PRIME + calendar.reads) % 1000 / 1000
    return pause_after(calendar.failures, every=every, spread=spread, again_in=again_in)


def _short(tag: str | None) -> str | None:
    """A tag that nobody would send us in earnest is forgotten."""
    return tag if tag and len(tag) <= LONGEST_TAG and tag.isprintable() else None
