"""The caps: what a mentor has taken on, by local day and by local Monday-to-Sunday week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from booking.domain import refusals
from booking.domain.boundaries import Boundaries
from booking.domain.intervals import Interval
from booking.domain.ranges import seconds
from booking.domain.refusals import Refusal
from booking.domain.zones import Zones


@dataclass(frozen=True, slots=True, order=True)
class Taken(Interval):
    """A session of the mentor that counts for the caps, without buffers; it counts for the local day it starts on.

    `of` is a number that the time of a session and the one that is proposed for it share: a day or a week in which both
    lie counts the session once.
    """

    of: int | None = field(default=None, compare=False)


class Load:
    """What the mentor has already taken on, by local day and by local week."""

    def __init__(self, sessions: Iterable[Taken], zones: Zones) -> None:
        self.sessions: defaultdict[date, int] = defaultdict(int)
        self.seconds: defaultdict[date, int] = defaultdict(int)
        self.weeks: defaultdict[int, int] = defaultdict(int)
        days, weeks = set[tuple[int, date]](), set[tuple[int, int]]()
        for session in sessions:
            day = zones.day_of(session.start)
            if session.of is None or (session.of, day) not in days:
                self.sessions[day] += 1
                self.seconds[day] += seconds(session.duration)
            if session.of is None or (session.of, _week(day)) not in weeks:
                self.weeks[_week(day)] += 1
            if session.of is not None:
                days.add((session.of, day))
                weeks.add((session.of, _week(day)))

    def cap(self, day: date, length: int, limits: Boundaries) -> Refusal | None:
        """The cap that one more session of so many seconds on this day would break."""
        if self.sessions[day] >= limits.sessions_a_day:
            return refusals.day_full(limits.sessions_a_day)
        if self.seconds[day] + length > 60 * limits.minutes_a_day:
            return refusals.day_minutes_full(limits.minutes_a_day)
        if self.weeks[_week(day)] >= limits.sessions_a_week:
            return refusals.week_full(limits.sessions_a_week)
        return None


def _week(day: date) -> int:
    """A number for each Monday-to-Sunday week: 1 January of year 1 was a Monday."""
    return (day.toordinal() - 1) // 7
