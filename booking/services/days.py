"""Protect days, and give them up again. As `booking.services.hours`: under the mentor's lock, told before it is done,
and never a change to a session."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from booking.domain.recurrence import DaysOff
from booking.models.bookings import Booking
from booking.models.days import ProtectedDay
from booking.queries.days import protected_days
from booking.services.hours import MOST_DATES, HoursChanged, Told, TooMuchWritten, open_for_change, untold
from marketplace.core.errors import NotFound


def protect(
    session: Session,
    mentor_id: int,
    *,
    weekdays: Collection[int],
    dates: Iterable[date],
    instead_of: Collection[int],
    told: Told,
    now: datetime,
) -> list[Booking]:
    """These weekdays, in the place of those of the page (`instead_of`), and these dates besides the ones that are
    protected already. Gives the sessions that this would leave outside, and writes only if the mentor was told of all.

    Raises HoursChanged, TooMuchWritten, HoursLocked.
    """
    before = open_for_change(session, mentor_id)
    stored = protected_days(session, mentor_id)
    if stored.weekdays != frozenset(instead_of):
        raise HoursChanged("Your protected weekdays were changed meanwhile, perhaps in another tab. Please look again.")
    today = before.zones.day_of(now)
    ahead = {day for day in stored.dates if day >= today}
    added = frozenset(dates) - ahead
    if len(ahead | added) > MOST_DATES:
        raise TooMuchWritten("You can protect at most %(most)s dates.", most=MOST_DATES)
    wanted = DaysOff(frozenset(weekdays), frozenset(ahead | added))
    if outside := untold(session, mentor_id, before, replace(before, days_off=before.days_off | wanted), told, now):
        return outside
    theirs = ProtectedDay.mentor_id == mentor_id
    session.execute(delete(ProtectedDay).where(theirs, ProtectedDay.weekday.is_not(None) | (ProtectedDay.day < today)))
    session.add_all(ProtectedDay(mentor_id=mentor_id, weekday=weekday) for weekday in sorted(wanted.weekdays))
    session.add_all(ProtectedDay(mentor_id=mentor_id, day=day) for day in sorted(added))
    session.flush()
    return []


def give_up(session: Session, mentor_id: int, first: date, last: date) -> int:
    """Protect the dates from `first` to `last` no more; how many they were. Raises NotFound, HoursLocked."""
    open_for_change(session, mentor_id)
    theirs = (ProtectedDay.mentor_id == mentor_id, ProtectedDay.day.between(first, last))
    gone = session.execute(delete(ProtectedDay).where(*theirs).returning(ProtectedDay.id)).all()
    if not gone:
        raise NotFound("These dates are not protected any more.")
    return len(gone)
