"""How much mentoring weighs on a mentor's weeks, and what is gently said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from booking.domain.schedule import Schedule

WEEKS = 9
"""This one and the next eight."""
LATE = timedelta(hours=1)
"""A session that begins in the last hour of the site's day begins late."""
LONG_STRETCH = timedelta(hours=4)
BREAK = timedelta(minutes=30)
MANY_LATE = 3
HEAVY_PERCENT = 50
_MINUTE, _ONE_DAY, _ONE_WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A session on the mentor's own wall clock, without a zone; `length` is real time."""

    start: datetime
    length: timedelta

    @property
    def end(self) -> datetime:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class LoadWeek:
    """Monday to Sunday. `worked` are the minutes that the mentor works, with dates, days off and time off counted;
    `late` are sessions, `unbroken` days with a long stretch of sessions and no break in it."""

    monday: date
    sessions: int
    minutes: int
    worked: int
    late: int
    unbroken: int

    @property
    def is_off(self) -> bool:
        return not self.worked and not self.sessions

    @property
    def percent(self) -> int:
        """The share of the working time that is booked, at most 100: whoever has none and still meets is full."""
        return min(100, 100 * self.minutes // self.worked) if self.worked else 100 if self.minutes else 0


class Concern(StrEnum):
    """What may be too much, mildest last."""

    FULL = "full"
    HEAVY = "heavy"
    UNBROKEN = "unbroken"
    LATE = "late"
    NO_WEEK_OFF = "no_week_off"


@dataclass(frozen=True, slots=True)
class Warned:
    """In which weeks."""

    concern: Concern
    mondays: tuple[date, ...]


def load_of(schedule: Schedule, seats: Iterable[Seat], first: date, weeks: int = WEEKS) -> list[LoadWeek]:
    """Of the weeks from the Monday `first` on; a session counts for the day on which it starts."""
    worked = _worked(schedule, first, weeks)
    by_week = {monday: list(found) for monday, found in groupby(sorted(seats), lambda seat: _monday(seat.start.date()))}
    mondays = (first + _ONE_WEEK * number for number in range(weeks))
    return [_week(schedule, monday, by_week.get(monday, []), worked.get(monday, 0)) for monday in mondays]


def warnings(weeks: Sequence[LoadWeek], sessions_a_week: int) -> list[Warned]:
    """Each concern once, with the weeks it is about; none of a calendar in which nothing is booked."""
    if not any(week.sessions for week in weeks):
        return []
    found = {
        Concern.FULL: [week for week in weeks if week.sessions >= sessions_a_week],
        Concern.HEAVY: [week for week in weeks if week.percent >= HEAVY_PERCENT],
        Concern.UNBROKEN: [week for week in weeks if week.unbroken],
        Concern.LATE: [week for week in weeks if week.late >= MANY_LATE],
        Concern.NO_WEEK_OFF: [] if any(week.is_off for week in weeks) else list(weeks[-1:]),
    }
    return [Warned(concern, tuple(week.monday for week in about)) for concern, about in found.items() if about]


def _worked(schedule: Schedule, first: date, weeks: int) -> Mapping[date, int]:
    found: dict[date, int] = {}
    for day, interval in schedule.working(first, first + weeks * _ONE_WEEK - _ONE_DAY):
        monday = _monday(day)
        found[monday] = found.get(monday, 0) + interval.duration // _MINUTE
    return found


def _week(schedule: Schedule, monday: date, seats: list[Seat], worked: int) -> LoadWeek:
    late_from = timedelta(minutes=schedule.envelope.closes) - LATE
    days = [list(found) for _, found in groupby(seats, lambda seat: seat.start.date())]
    return LoadWeek(
        monday=monday,
        sessions=len(seats),
        minutes=sum((seat.length for seat in seats), timedelta(0)) // _MINUTE,
        worked=worked,
        late=sum(_time_of(seat.start) >= late_from for seat in seats),
        unbroken=sum(any(stretch >= LONG_STRETCH for stretch in _stretches(day)) for day in days),
    )


def _stretches(day: list[Seat]) -> Iterator[timedelta]:
    """From the start of a session to the end of the last one that follows without a break."""
    begins, ends = day[0].start, day[0].end
    for seat in day[1:]:
        if seat.start - ends >= BREAK:
            yield ends - begins
            begins = seat.start
        ends = max(ends, seat.end)
    yield ends - begins


def _time_of(wall: datetime) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)


def _monday(day: date) -> date:
    return day - _ONE_DAY * day.weekday()
