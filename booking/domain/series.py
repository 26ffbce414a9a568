"""A series of sessions, such as every Tuesday at 10:00: which of its times can be booked, and what is free beside the
others. Held all or nothing.

The wanted times are wall time of the mentor's, so that they stay the same on the mentor's clock when it changes, and on
a journey. They are judged one after the other, and each one that can be booked counts for those after it, in the caps
and with its buffers. A series without conflicts has none in whatever order its times are judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import nsmallest

from booking.domain.caps import Taken
from booking.domain.diary import Diary
from booking.domain.intervals import Interval, as_utc
from booking.domain.recurrence import DAY_MINUTES
from booking.domain.refusals import Refusal
from booking.domain.slots import Slot
from booking.domain.zones import Zones

REACH = timedelta(days=7)
"""So far before and after a wanted time others are looked for; what is taken has to be known for that and for caps."""
BESIDE = 3
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Cadence:
    """So many times, every so many days from the date `first` on, at a minute (0 to 1439) of the mentor's local day."""

    first: date
    minute: int
    times: int
    every: int = 7

    def __post_init__(self) -> None:
        if not 0 <= self.minute < DAY_MINUTES:
            raise ValueError("A session begins at a minute of the day, 0 (00:00) to 1439 (23:59).")
        if self.times < 1 or self.every < 1:
            raise ValueError("A series has a session at least, and a day at least from one to the next.")

    @classmethod
    def beginning(cls, start: datetime, zones: Zones, *, times: int, every: int) -> Cadence:
        """At the time of the mentor's day that their clock shows then."""
        local = start.astimezone(zones.on(zones.day_of(start)))
        return cls(local.date(), 60 * local.hour + local.minute, times, every)

    def starts(self, zones: Zones) -> list[datetime]:
        """UTC. A time that the clock jumps over is the first real minute after it, one that comes twice its first."""
        midnight = datetime.combine(self.first, _MIDNIGHT) + timedelta(minutes=self.minute)
        walls = (midnight + timedelta(days=self.every * number) for number in range(self.times))
        return [datetime.fromtimestamp(zones.wall(wall), UTC) for wall in walls]


def going_on(last: datetime, zones: Zones, *, every: int, after: datetime) -> datetime:
    """When the cadence of a session that began at `last` comes again, the first time that is later than `after`."""
    turns = max((after - last) // timedelta(days=every), 0) + 2
    cadence = Cadence.beginning(last, zones, times=turns + 1, every=every)
    return next(start for start in cadence.starts(zones)[1:] if start > after)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A wanted start (UTC), the rule that refuses it, and then the free times nearest to it, the nearest first.

    Each of `beside` goes together with all that can be booked of the series, and the first of every conflict with the
    first of every other one.
    """

    start: datetime
    refusal: Refusal | None = None
    beside: tuple[Slot, ...] = ()


def series(found: Diary, starts: Iterable[datetime], *, minutes: int, now: datetime) -> list[Meeting]:
    """One for each start, in their order. ValueError as from `why_not`."""
    taken = _Taken(found, minutes, now)
    judged = [(as_utc(start), taken.judge(start)) for start in starts]
    return [
        Meeting(start) if refusal is None else Meeting(start, refusal, taken.beside(start)) for start, refusal in judged
    ]


def refusals_of(found: Diary, starts: Iterable[datetime], *, minutes: int, now: datetime) -> list[Refusal]:
    """The same without what stands beside: of each that cannot be booked, the rule that says so."""
    taken = _Taken(found, minutes, now)
    return [refusal for start in starts if (refusal := taken.judge(start)) is not None]


def can_be_held(meetings: Sequence[Meeting]) -> bool:
    """All of them or none: False for a series with a conflict, and for an empty one."""
    return bool(meetings) and all(meeting.refusal is None for meeting in meetings)


class _Taken:
    """A diary, with what this series has taken so far."""

    def __init__(self, found: Diary, minutes: int, now: datetime) -> None:
        self.diary = replace(found, sessions=[*found.sessions], mentor_busy=[*found.mentor_busy])
        self.minutes, self.now = minutes, now

    def judge(self, start: datetime) -> Refusal | None:
        refusal = self.diary.why_not(start, minutes=self.minutes, now=self.now)
        if refusal is None:
            self.take(start)
        return refusal

    def take(self, start: datetime) -> None:
        limits, end = self.diary.schedule.boundaries, start + timedelta(minutes=self.minutes)
        self.diary.sessions.append(Taken(start, end))
        self.diary.mentor_busy.append(Interval(start - limits.buffer_before, end + limits.buffer_after))

    def beside(self, wanted: datetime) -> tuple[Slot, ...]:
        """The nearest is taken for this conflict, so that the next one's can be had with it."""
        free = self.diary.upcoming(minutes=self.minutes, window=Interval(wanted - REACH, wanted + REACH), now=self.now)
        found = nsmallest(BESIDE, free, key=lambda slot: abs(slot.start - wanted))
        if found:
            self.take(found[0].start)
        return tuple(found)
