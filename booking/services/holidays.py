"""Keep public holidays. As `booking.services.hours`: under the mentor's lock, told before it is done, and never a
change to a session. Why each day is a row: docs/adr/0014-holidays-as-rows.md."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.domain.boundaries import LONGEST_HORIZON
from booking.domain.recurrence import DaysOff
from booking.models.bookings import Booking
from booking.models.days import Holiday, HolidayChoice
from booking.public_holidays import EDITION, holidays_between, is_known
from booking.queries.days import protected_days
from booking.services.hours import Told, open_for_change, untold
from booking.services.locks import lock_people
from marketplace.core.errors import RuleBroken

REACH = LONGEST_HORIZON + timedelta(days=30)
"""So far ahead holidays are written down: further than anybody can book, and a month more for the sweep."""
LEAST_REACH = LONGEST_HORIZON + timedelta(days=2)
AT_ONCE = 100
_ONE_DAY = timedelta(days=1)


class UnknownCountry(RuleBroken):
    """A country or a region whose holidays nobody here knows."""


def keep_holidays(
    session: Session,
    mentor_id: int,
    country: str,
    region: str,
    *,
    worked: Collection[date],
    told: Told,
    now: datetime,
) -> list[Booking]:
    """Those of this country and region, in the place of any before; each is a day off, but for those `worked`. No
    country: none at all. Gives the sessions that this would leave outside, and writes only if the mentor was told of
    all. Raises UnknownCountry, HoursLocked.
    """
    before = open_for_change(session, mentor_id)
    if country and not is_known(country, region):
        raise UnknownCountry("We do not know the holidays of this country or region.")
    today = before.zones.day_of(now)
    days = frozenset(holidays_between(country, region, today, today + REACH)) if country else frozenset[date]()
    off = protected_days(session, mentor_id) | DaysOff(dates=days - frozenset(worked))
    if outside := untold(session, mentor_id, before, replace(before, days_off=off), told, now):
        return outside
    session.execute(delete(HolidayChoice).where(HolidayChoice.mentor_id == mentor_id))
    if country:
        session.add(
            HolidayChoice(
                mentor_id=mentor_id, country=country, region=region, known_until=today + REACH, edition=EDITION
            )
        )
        session.flush()
        session.add_all(Holiday(mentor_id=mentor_id, day=day, is_worked=day in worked) for day in sorted(days))
    session.flush()
    return []


def to_extend(session: Session, now: datetime) -> list[int]:
    """Mentors whose holidays end too soon, or were named by another edition than there is now."""
    due = (HolidayChoice.known_until < (now + LEAST_REACH).date()) | (HolidayChoice.edition != EDITION)
    return list(
        session.scalars(select(HolidayChoice.mentor_id).where(due).order_by(HolidayChoice.mentor_id).limit(AT_ONCE))
    )


def extend(session: Session, mentor_id: int, now: datetime) -> None:
    """Write down the days that have come in reach, and what a new edition names otherwise; what is past is forgotten.
    A day that the mentor works stays worked. What is booked stays, too."""
    lock_people(session, (mentor_id,))
    choice = session.get(HolidayChoice, mentor_id, populate_existing=True)
    if choice is None:
        return
    # A day before: wherever the mentor is, none that is still going on is lost.
    first, until = now.date() - _ONE_DAY, now.date() + REACH
    stored = {row.day: row for row in session.scalars(select(Holiday).where(Holiday.mentor_id == mentor_id))}
    if is_known(choice.country, choice.region):
        named = holidays_between(choice.country, choice.region, first, until)
        session.add_all(Holiday(mentor_id=mentor_id, day=day) for day in named if day not in stored)
        gone = [day for day in stored if day not in named]
        session.execute(delete(Holiday).where(Holiday.mentor_id == mentor_id, Holiday.day.in_(gone)))
    choice.known_until, choice.edition = until, EDITION
    session.flush()
