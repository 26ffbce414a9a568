"""Close the rest of a week in one press, and open it again. As `booking.services.hours`: under the mentor's lock, told
before it is done, and never a change to a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.recurrence import TimeOff as Away
from booking.models.bookings import Booking
from booking.models.days import TimeOff
from booking.services.hours import Told, open_for_change, untold
from marketplace.core.errors import Conflict

_ONE_WEEK = timedelta(days=7)
Wall = tuple[datetime, datetime]


class WeekIsOpen(Conflict):
    """A week that is to be opened again is not closed any more."""


def close_week(session: Session, mentor_id: int, *, told: Told, now: datetime) -> list[Booking]:
    """Time off from this minute to the end of the mentor's Sunday, around what is off already, so that opening the week
    again leaves that as it was. Gives the sessions that this would leave outside, and writes only if the mentor was
    told of all. Raises HoursLocked."""
    before = open_for_change(session, mentor_id)
    start = before.zones.clock(now).replace(second=0, microsecond=0)
    monday = start.date() - timedelta(days=start.weekday())
    end = datetime(monday.year, monday.month, monday.day) + _ONE_WEEK  # noqa: DTZ001  wall-clock time
    after = replace(before, time_off=(*before.time_off, (start, end)))
    if outside := untold(session, mentor_id, before, after, told, now):
        return outside
    session.add_all(
        TimeOff(mentor_id=mentor_id, span=Range(*span), closes_week=monday)
        for span in _left((start, end), before.time_off)
    )
    session.flush()
    return []


def open_week(session: Session, mentor_id: int, monday: date) -> None:
    """Take back what closing the week wrote, and no other time off. Raises WeekIsOpen, HoursLocked."""
    open_for_change(session, mentor_id)
    theirs = (TimeOff.mentor_id == mentor_id, TimeOff.closes_week == monday)
    if not session.execute(delete(TimeOff).where(*theirs).returning(TimeOff.id)).all():
        raise WeekIsOpen("This week is open already.")


def _left(whole: Wall, away: Away) -> Iterable[Wall]:
    """The parts of a span outside the time off, which does not overlap itself."""
    cursor, end = whole
    for starts, ends in sorted(each for each in away if each[0] < end):
        if cursor < starts:
            yield cursor, starts
        cursor = max(cursor, ends)
    if cursor < end:
        yield cursor, end
