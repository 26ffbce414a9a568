"""When somebody whom nobody can book now is free again: computed like any free time, never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from booking.domain.boundaries import LONGEST_HORIZON
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from booking.domain.slots import upcoming


@dataclass(frozen=True, slots=True)
class FreeAgain:
    """`on` is the first day with a free time, as of now. If none is known: they are free `after` a day at the earliest,
    and if that is None too, nobody knows. `opens_on` is when that time can be booked, if it cannot be yet. All are the
    mentor's days."""

    on: date | None = None
    after: date | None = None
    opens_on: date | None = None


UNKNOWN = FreeAgain()


def free_again(
    schedule: Schedule,
    *,
    minutes: int,
    now: datetime,
    sessions: Iterable[Taken],
    mentor_busy: Iterable[Interval],
    mentee_busy: Iterable[Interval] = (),
    mentee_away: Iterable[Interval] = (),
    not_before: date | None = None,
) -> FreeAgain:
    """As if the mentor's calendar were open as far ahead as any can be. What is taken has to be known for all of that
    time. `not_before` is the day that a mentor on a break has told."""
    zones, limits = schedule.zones, schedule.boundaries
    begins = now if not_before is None else max(now, datetime.fromtimestamp(zones.begins(not_before), UTC))
    farthest = now + LONGEST_HORIZON
    if begins < farthest:
        slots = upcoming(
            replace(schedule, boundaries=replace(limits, horizon=LONGEST_HORIZON)),
            minutes=minutes,
            window=Interval(begins, farthest),
            now=now,
            sessions=sessions,
            mentor_busy=mentor_busy,
            mentee_busy=mentee_busy,
            mentee_away=mentee_away,
        )
        first = next(slots, None)
        if first is not None:
            opens = first.start - limits.horizon
            return FreeAgain(first.day, opens_on=zones.day_of(opens) if opens > now else None)
    if not schedule.usual_week:
        return FreeAgain(after=not_before)
    return FreeAgain(after=zones.day_of(max(begins, farthest)))
