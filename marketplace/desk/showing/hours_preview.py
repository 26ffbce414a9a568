"""What a mentee elsewhere sees of a mentor's hours: the coming two weeks on their own clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking import hours
from booking.domain.boundaries import Envelope
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.readings import write_clock
from booking.domain.recurrence import DAY_MINUTES, MinuteRange, WeeklyHours, instant
from booking.domain.shifts import shifts
from booking.domain.slots import Slot
from booking.queries.bookings import diary

DAYS = 14
WORKING_DAY: MinuteRange = (8 * 60, 18 * 60)
THEIR_WEEK: WeeklyHours = dict.fromkeys(range(1, 6), (WORKING_DAY,))
"""What is taken for a mentee's working time, wherever they are."""
MOST_SHIFTS = 4
USUAL_OPENING = 9 * 60
PLACES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Asia/Kolkata",
    "Australia/Sydney",
)
"""At hand, so that nobody has to search the list to get an impression."""
_ONE_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Starts:
    """Start times that follow each other at the mentor's step, the first and the last of them."""

    first: datetime
    last: datetime

    @property
    def is_one(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class SeenDay:
    """A day of the mentee. `spans` are the minutes of it in which a session may lie."""

    day: date
    starts: list[Starts]
    count: int
    spans: list[MinuteRange]
    is_working_day: bool
    has_shift: bool


@dataclass(frozen=True, slots=True)
class SeenShift:
    """From `day` on (the mentor's), the hour named in `Preview.opening` reads `after` there, and no more `before`."""

    day: date
    before: datetime
    after: datetime
    moved: timedelta


@dataclass(frozen=True, slots=True)
class SharedWeek:
    """How much of the hours of the mentor's week that begins on `monday` lies in the mentee's working time."""

    monday: date
    shared: timedelta
    whole: timedelta

    @property
    def minutes(self) -> tuple[int, int]:
        """Those shared, of how many."""
        return self.shared // _MINUTE, self.whole // _MINUTE


@dataclass(frozen=True, slots=True)
class Preview:
    """`opening` is the time of the mentor's day that the shifts speak of, and `reads` what it reads there today;
    `until` is the last day on which shifts were looked for."""

    days: list[SeenDay]
    weeks: list[SharedWeek]
    shifts: list[SeenShift]
    opening: str
    reads: datetime
    until: date

    @property
    def count(self) -> int:
        return sum(day.count for day in self.days)


def preview(
    session: Session, mentor_id: int, *, reader: ZoneInfo, minutes: int, envelope: Envelope, now: datetime
) -> Preview:
    """The times are those that the mentor's own page lists."""
    today = now.astimezone(reader).date()
    window = Interval(now, instant(today + _ONE_DAY * DAYS, 0, reader))
    found = diary(session, mentor_id=mentor_id, mentee_id=None, around=window, envelope=envelope)
    schedule, zone = found.schedule, found.schedule.zone
    here = now.astimezone(zone).date()
    weekly = hours.within(schedule.usual_week, envelope)
    opening = min((start for ranges in weekly.values() for start, _ in ranges), default=USUAL_OPENING)
    until = here + max(_ONE_DAY * DAYS, schedule.boundaries.horizon)
    moves = list(_seen_shifts(zone, reader, here + _ONE_DAY, until, opening))
    return Preview(
        days=_days(found, reader, minutes, window, now, {move.day for move in moves}),
        weeks=_shared(weekly, zone, reader, here),
        shifts=moves[:MOST_SHIFTS],
        opening=write_clock(opening),
        reads=instant(here, opening, zone).astimezone(reader),
        until=until,
    )


def _days(
    found: Diary, reader: ZoneInfo, minutes: int, window: Interval, now: datetime, shifted: set[date]
) -> list[SeenDay]:
    slots = found.bookable(minutes=minutes, window=window, now=now)
    today = now.astimezone(reader).date()
    days = [today + _ONE_DAY * number for number in range(DAYS)]
    by_day: dict[date, list[Slot]] = {day: [] for day in days}
    for slot in slots:
        by_day[slot.start.astimezone(reader).date()].append(slot)
    return [_seen(day, by_day[day], reader, found.schedule.boundaries.step, day in shifted) for day in days]


def _seen(day: date, slots: list[Slot], reader: ZoneInfo, step: timedelta, shifted: bool) -> SeenDay:
    return SeenDay(
        day=day,
        starts=_in_runs(slots, step),
        count=len(slots),
        spans=_spans((slot.start.astimezone(reader), slot.end - slot.start) for slot in slots),
        is_working_day=day.isoweekday() in THEIR_WEEK,
        has_shift=shifted,
    )


def _in_runs(slots: list[Slot], step: timedelta) -> list[Starts]:
    if not slots:
        return []
    breaks = [(one.start, two.start) for one, two in pairwise(slots) if two.start - one.start != step]
    firsts = [slots[0].start, *(after for _, after in breaks)]
    lasts = [*(before for before, _ in breaks), slots[-1].start]
    return [Starts(first, last) for first, last in zip(firsts, lasts, strict=True)]


def _spans(sessions: Iterable[tuple[datetime, timedelta]]) -> list[MinuteRange]:
    """As the clock on the wall shows them; what goes past midnight is cut off there."""
    spans: list[MinuteRange] = []
    for start, length in sessions:
        opens = 60 * start.hour + start.minute
        closes = min(opens + length // _MINUTE, DAY_MINUTES)
        if spans and spans[-1][0] <= opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(closes, spans[-1][1]))
        else:
            spans.append((opens, closes))
    return spans


def _shared(weekly: WeeklyHours, zone: ZoneInfo, reader: ZoneInfo, here: date) -> list[SharedWeek]:
    """This week and the next one; one of them where both share alike."""
    monday = here - _ONE_DAY * here.weekday()
    found = []
    for first in (monday, monday + 7 * _ONE_DAY):
        shared = sum(hours.overlap(weekly, zone, reader, first, THEIR_WEEK), timedelta(0))
        found.append(SharedWeek(first, shared, _MINUTE * sum(b - a for ranges in weekly.values() for a, b in ranges)))
    return found if found[0].shared != found[1].shared else found[:1]


def _seen_shifts(zone: ZoneInfo, reader: ZoneInfo, first: date, last: date, opening: int) -> Iterable[SeenShift]:
    for shift in shifts(zone, reader, first, last):
        before = instant(shift.day - _ONE_DAY, opening, zone).astimezone(reader)
        after = instant(shift.day, opening, zone).astimezone(reader)
        yield SeenShift(shift.day, before, after, shift.moved)
