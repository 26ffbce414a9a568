"""Reads of the days on which mentors offer nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Executable, Select, SmallInteger, cast, null, select, union_all
from sqlalchemy.orm import Session

from booking.domain.recurrence import NO_DAYS_OFF, DaysOff
from booking.domain.zones import Journey, Zones
from booking.models.days import Holiday, HolidayChoice, JourneyRow, ProtectedDay
from marketplace.mentors.models import Mentor


@dataclass(frozen=True, slots=True)
class Holidays:
    """Whose public holidays a mentor keeps, and which of the days are worked all the same."""

    country: str = ""
    region: str = ""
    days: Mapping[date, bool] = field(default_factory=dict)

    @property
    def worked(self) -> list[date]:
        return [day for day, is_worked in self.days.items() if is_worked]


def days_off_of(session: Session, mentor_ids: Iterable[int]) -> dict[int, DaysOff]:
    """By mentor: what they protect and which holidays they keep, in one query; who has none is left out."""
    ids = list(mentor_ids)
    kept = select(Holiday.mentor_id, cast(null(), SmallInteger).label("weekday"), Holiday.day)
    kept = kept.where(Holiday.mentor_id.in_(ids), Holiday.is_worked.is_(False))
    return _by_mentor(session, union_all(_protected(ids), kept))


def protected_days(session: Session, mentor_id: int) -> DaysOff:
    """What this mentor has protected, past dates too, and no holidays."""
    return _by_mentor(session, _protected([mentor_id])).get(mentor_id, NO_DAYS_OFF)


def holidays_of(session: Session, mentor_id: int) -> Holidays:
    choice = session.get(HolidayChoice, mentor_id)
    if choice is None:
        return Holidays()
    rows = session.execute(
        select(Holiday.day, Holiday.is_worked).where(Holiday.mentor_id == mentor_id).order_by(Holiday.day)
    )
    return Holidays(choice.country, choice.region, {row.day: row.is_worked for row in rows})


@dataclass(frozen=True, slots=True)
class Written:
    """A journey with the number of its row."""

    id: int
    journey: Journey


def journeys_of(session: Session, mentor_ids: Iterable[int]) -> dict[int, list[Written]]:
    """By mentor, sorted, those that are over too; who has none is left out."""
    found: defaultdict[int, list[Written]] = defaultdict(list)
    statement = select(JourneyRow.mentor_id, JourneyRow.id, JourneyRow.days, JourneyRow.zone)
    for row in session.execute(statement.where(JourneyRow.mentor_id.in_(list(mentor_ids))).order_by(JourneyRow.days)):
        journey = Journey(row.days.lower, row.days.upper - timedelta(days=1), row.zone)
        found[row.mentor_id].append(Written(row.id, journey))
    return found


def zones_of(session: Session, mentor: Mentor) -> Zones:
    """Which zone each date of this mentor has."""
    return Zones(mentor.tz, tuple(each.journey for each in journeys_of(session, [mentor.id]).get(mentor.id, ())))


def _protected(mentor_ids: list[int]) -> Select[int, int | None, date | None]:
    columns = (ProtectedDay.mentor_id, ProtectedDay.weekday, ProtectedDay.day)
    return select(*columns).where(ProtectedDay.mentor_id.in_(mentor_ids))


def _by_mentor(session: Session, statement: Executable) -> dict[int, DaysOff]:
    weekdays: defaultdict[int, set[int]] = defaultdict(set)
    dates: defaultdict[int, set[date]] = defaultdict(set)
    for row in session.execute(statement):
        if row.weekday is not None:
            weekdays[row.mentor_id].add(row.weekday)
        if row.day is not None:
            dates[row.mentor_id].add(row.day)
    return {each: DaysOff(frozenset(weekdays[each]), frozenset(dates[each])) for each in weekdays.keys() | dates.keys()}
