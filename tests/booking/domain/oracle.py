"""What is bookable, found the slow way: every minute of real time is asked what the wall clock shows.

Nothing of the engine is used but its input values. A wall-clock time is found by looking along the timeline for the
first minute that shows it or a later one; everything else is a set of minutes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from booking.domain.slots import Slot

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
PADDING = timedelta(days=6)


@dataclass(frozen=True)
class Question:
    """All arguments of `bookable`."""

    schedule: Schedule
    minutes: int
    window: Interval
    now: datetime
    sessions: tuple[Taken, ...] = ()
    mentor_busy: tuple[Interval, ...] = ()
    mentee_busy: tuple[Interval, ...] = ()
    mentee_away: tuple[Interval, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """The arguments that `why_not` takes too."""
        return {
            "minutes": self.minutes,
            "now": self.now,
            "sessions": self.sessions,
            "mentor_busy": self.mentor_busy,
            "mentee_busy": self.mentee_busy,
            "mentee_away": self.mentee_away,
        }


class Timeline:
    """Consecutive minutes of real time and what the clock on a wall in the zone shows at each."""

    def __init__(self, zone: ZoneInfo, first: datetime, count: int) -> None:
        self.first = first
        self.shown = [(first + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range(count)]
        self.latest_shown = list(accumulate(self.shown, max))

    def showing(self, wall: datetime) -> int:
        """The first minute that shows this time or a later one."""
        return bisect_left(self.latest_shown, wall)

    def number(self, moment: datetime) -> int:
        return (moment - self.first) // MINUTE

    def moment(self, number: int) -> datetime:
        return self.first + number * MINUTE


@lru_cache(maxsize=64)
def timeline(zone: ZoneInfo, first_day: date, days: int) -> Timeline:
    return Timeline(zone, datetime.combine(first_day, time(), UTC), days * 1440)


class Oracle:
    def __init__(self, question: Question) -> None:
        self.q = question
        self.home = question.schedule.zone
        window = question.window
        first, last = (window.start - PADDING).date(), (window.end + PADDING).date()
        self.line = timeline(self.home, first, (last - first).days)
        self.days = [first + n * ONE_DAY for n in range(1, (last - first).days - 1)]

    def zone_of(self, day: date) -> ZoneInfo:
        found = [each.zone for each in self.q.schedule.journeys if each.first <= day <= each.last]
        return found[0] if found else self.home

    def line_of(self, day: date) -> Timeline:
        """The minutes of `line` as the clocks of that date's zone show them."""
        return timeline(self.zone_of(day), self.line.first.date(), len(self.line.shown) // 1440)

    @cached_property
    def owner(self) -> list[date]:
        """The date of each minute. Of a traveller's, each claims the minutes that its own clocks give it, once the
        date before is over; what nobody claims stays with the date before."""
        if not self.q.schedule.journeys:
            return [shown.date() for shown in self.line.shown]
        claimed: dict[int, date] = {}
        over = 0
        for day in self.days:
            midnight, line = datetime.combine(day, time()), self.line_of(day)
            span = range(max(over, line.showing(midnight)), line.showing(midnight + ONE_DAY))
            claimed.update(dict.fromkeys(span, day))
            over = max(over, span.stop)  # a date that a zone has skipped may end after the next one's own midnight
        found: list[date] = []
        for minute in range(len(self.line.shown)):
            found.append(max(claimed.get(minute, self.days[0]), found[-1] if found else self.days[0]))
        return found

    @cached_property
    def shown(self) -> list[datetime]:
        lines = {day: self.line_of(day).shown for day in {*self.owner}}
        return [lines[day][minute] for minute, day in enumerate(self.owner)]

    def slots(self) -> list[Slot]:
        length = self.q.minutes * MINUTE
        starts = [m for m in self.minutes_of(self.q.window) if not any(self.broken(m))]
        begins = [self.line.moment(m) for m in starts]
        return [Slot(at, at + length, self.owner[m]) for m, at in zip(starts, begins, strict=True)]

    def minutes_of(self, span: Interval) -> range:
        """The minutes that begin in the span."""
        return range(-(-(span.start - self.line.first) // MINUTE), -(-(span.end - self.line.first) // MINUTE))

    def touched(self, spans: tuple[Interval, ...]) -> set[int]:
        """The minutes of which the spans take a part."""
        number = self.line.number
        return {m for span in spans for m in range(number(span.start), -(-(span.end - self.line.first) // MINUTE))}

    @cached_property
    def work(self) -> dict[int, tuple[date, int]]:
        """For each working minute the interval it belongs to, named by its day and first minute."""
        schedule, found = self.q.schedule, {}
        for day in self.days:
            ranges = schedule.overrides.get(day, schedule.weekly.get(day.isoweekday(), ()))
            if day.isoweekday() in schedule.days_off.weekdays or day in schedule.days_off.dates:
                ranges = ()
            worked = [any(start <= minute < end for start, end in ranges) for minute in range(1440)] + [False]
            begin = None
            for minute, works in enumerate(worked):
                if works and begin is None:
                    begin = minute
                elif not works and begin is not None:
                    span = range(self.at(day, begin), self.at(day, minute))
                    found.update(dict.fromkeys(span, (day, span.start)))
                    begin = None
        return found

    @cached_property
    def allowed(self) -> dict[int, tuple[date, int]]:
        """For each minute of the envelope the day and first minute of its opening."""
        envelope, found = self.q.schedule.envelope, {}
        for day in self.days:
            if day.isoweekday() in envelope.weekdays:
                span = range(self.at(day, envelope.opens), self.at(day, envelope.closes))
                found.update(dict.fromkeys(span, (day, span.start)))
        return found

    def at(self, day: date, minute: int) -> int:
        """The first minute of the date at which its clocks show this one or a later one."""
        found = self.line_of(day).showing(datetime.combine(day, time()) + minute * MINUTE)
        return max(found, bisect_left(self.owner, day)) if self.q.schedule.journeys else found

    @cached_property
    def off(self) -> set[int]:
        return {m for start, end in self.q.schedule.time_off for m in range(self.wall(start), self.wall(end))}

    def wall(self, wall: datetime) -> int:
        if self.q.schedule.journeys and wall.time() == time():
            return bisect_left(self.owner, wall.date())
        return self.at(wall.date(), 60 * wall.hour + wall.minute)

    @cached_property
    def mentor_minutes(self) -> set[int]:
        return self.touched(self.q.mentor_busy)

    @cached_property
    def mentee_minutes(self) -> set[int]:
        return self.touched(self.q.mentee_busy)

    @cached_property
    def away_minutes(self) -> set[int]:
        return self.touched(self.q.mentee_away)

    def broken(self, start: int) -> Iterator[str]:
        """The name of every rule that a session starting at this minute breaks."""
        length = self.q.minutes
        yield from self.broken_hours(start, range(start, start + length))
        yield from self.broken_times(self.line.moment(start))
        limits = self.q.schedule.boundaries
        before, after = limits.buffer_before // MINUTE, limits.buffer_after // MINUTE
        if any(m in self.off for m in range(start, start + length)):
            yield "time_off"
        if any(m in self.mentor_minutes for m in range(start - before, start + length + after)):
            yield "mentor_busy"
        if any(m in self.mentee_minutes for m in range(start, start + length)):
            yield "mentee_busy"
        if any(m in self.away_minutes for m in range(start, start + length)):
            yield "mentee_away"
        yield from self.broken_caps(self.owner[start])

    def broken_hours(self, start: int, session: range) -> Iterator[str]:
        today = self.owner[start]
        work, opening = self.work.get(start), self.allowed.get(start)
        if work is None or work[0] != today or any(self.work.get(m) != work for m in session):
            yield "outside_hours"
        if opening is None or opening[0] != today or any(self.allowed.get(m) != opening for m in session):
            yield "outside_envelope"
        envelope = self.q.schedule.envelope
        for shown in (self.shown[start], self.shown[session[-1]]):
            if shown.date() != today or not envelope.opens <= 60 * shown.hour + shown.minute < envelope.closes:
                yield "outside_envelope"
        if work and opening and (start - max(work[1], opening[1])) % (self.q.schedule.boundaries.step // MINUTE):
            yield "off_grid"

    def broken_times(self, at: datetime) -> Iterator[str]:
        limits = self.q.schedule.boundaries
        if at - self.q.now < limits.notice:
            yield "too_soon"
        if at - self.q.now > limits.horizon:
            yield "too_far"

    def broken_caps(self, today: date) -> Iterator[str]:
        limits = self.q.schedule.boundaries
        days = [self.owner[self.line.number(taken.start)] for taken in self.q.sessions]
        minutes = [taken.duration / MINUTE for taken in self.q.sessions]
        if days.count(today) + 1 > limits.sessions_a_day:
            yield "day_full"
        if sum(m for m, day in zip(minutes, days, strict=True) if day == today) + self.q.minutes > limits.minutes_a_day:
            yield "day_minutes_full"
        if sum(day.isocalendar()[:2] == today.isocalendar()[:2] for day in days) + 1 > limits.sessions_a_week:
            yield "week_full"
