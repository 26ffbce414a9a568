"""Working hours while they are typed: nothing that was typed is lost, and what is wrong is said beside it.

A day is a list of intervals, each two texts; blank ones are places to type in and count for nothing. Reading judges:
each interval by itself, against those before it, and against the site's envelope, which a mentor cannot widen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from booking.domain.boundaries import Envelope
from booking.domain.readings import read_clock, read_closing, write_clock
from booking.domain.recurrence import MinuteRange, WeeklyHours, joined

WEEKDAYS = range(1, 8)
MOST_A_DAY = 6
"""More intervals than anybody needs on a day."""
USUAL_DAY: tuple[MinuteRange, ...] = ((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 17 * 60))
"""Where a mentor without hours may begin."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An interval as it was typed."""

    opens: str = ""
    closes: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.opens.strip() and not self.closes.strip()


TypedDay = tuple[Typed, ...]
TypedWeek = Mapping[int, TypedDay]
"""By ISO weekday; each of the seven is there."""


class Trouble(StrEnum):
    """What is wrong with an interval."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    BACKWARDS = "backwards"
    OVERLAPS = "overlaps"
    OUTSIDE = "outside"
    CLOSED_DAY = "closed_day"
    TOO_MANY = "too_many"


_OF_THE_SITE = frozenset({Trouble.OUTSIDE, Trouble.CLOSED_DAY})


@dataclass(frozen=True, slots=True)
class Fault:
    """`position` is the interval's on its day, `end` which of its two texts (`opens` or `closes`); `meant` is what was
    understood, and `other` the interval that it overlaps."""

    position: int
    end: str
    trouble: Trouble
    meant: MinuteRange | None = None
    other: MinuteRange | None = None


@dataclass(frozen=True, slots=True)
class ReadDay:
    """`ranges` are the intervals that are right, sorted and joined; all of what was meant if there are no faults.
    `refused` are those that can be read and lie outside the site's hours."""

    ranges: tuple[MinuteRange, ...]
    refused: tuple[MinuteRange, ...]
    faults: tuple[Fault, ...]


def typed_day(ranges: Iterable[MinuteRange]) -> TypedDay:
    return tuple(Typed(write_clock(start), write_clock(end)) for start, end in ranges)


def typed_week(weekly: WeeklyHours) -> TypedWeek:
    return {weekday: typed_day(weekly.get(weekday, ())) for weekday in WEEKDAYS}


def compact(weekly: WeeklyHours) -> str:
    """The same text for the same hours, as a page carries it: `1 09:00-12:30 13:30-17:00; 2 …`."""
    days = ((weekday, joined(weekly[weekday])) for weekday in sorted(weekly))
    spans = {day: [f"{write_clock(start)}-{write_clock(end)}" for start, end in ranges] for day, ranges in days}
    return "; ".join(" ".join([str(weekday), *each]) for weekday, each in spans.items() if each)


def read_day(day: TypedDay, weekday: int, envelope: Envelope) -> ReadDay:
    """What is meant on a day of this weekday, and what is wrong with it: at most one fault an interval."""
    ranges: list[MinuteRange] = []
    refused: list[MinuteRange] = []
    faults: list[Fault] = []
    for position, typed in enumerate(day):
        if typed.is_blank:
            continue
        found = _read(typed, position, weekday, envelope, ranges)
        if isinstance(found, Fault):
            faults.append(found)
            refused += [found.meant] if found.trouble in _OF_THE_SITE and found.meant else []
        else:
            ranges.append(found)
    return ReadDay(joined(ranges), joined(refused), tuple(faults))


def read_week(week: TypedWeek, envelope: Envelope) -> dict[int, ReadDay]:
    return {weekday: read_day(week[weekday], weekday, envelope) for weekday in WEEKDAYS}


def added(week: TypedWeek, weekday: int) -> TypedWeek:
    """With a blank interval more on a day, unless it has as many as a day can have."""
    day = week[weekday]
    return week if len(day) >= MOST_A_DAY else {**week, weekday: (*day, Typed())}


def removed(week: TypedWeek, weekday: int, position: int) -> TypedWeek:
    """Without one interval; the same if there is none at that position."""
    if position not in range(len(week[weekday])):
        return week
    return {**week, weekday: (*week[weekday][:position], *week[weekday][position + 1 :])}


def copied(week: TypedWeek, weekday: int, to: Iterable[int]) -> TypedWeek:
    """With one day's intervals, as they are typed, in the place of those of the other days."""
    return {**week, **dict.fromkeys(to, week[weekday])}


def cut(week: TypedWeek, envelope: Envelope) -> TypedWeek:
    """Without what the site does not let be booked. What cannot be read stays as it is."""
    return {weekday: _cut(day, weekday, envelope) for weekday, day in week.items()}


def usual_week(envelope: Envelope) -> TypedWeek:
    """`USUAL_DAY` on each of the site's days, as far as the site allows."""
    return cut(dict.fromkeys(WEEKDAYS, typed_day(USUAL_DAY)), envelope)


def _read(
    typed: Typed, position: int, weekday: int, envelope: Envelope, before: Iterable[MinuteRange]
) -> MinuteRange | Fault:
    opens, closes = read_clock(typed.opens), read_closing(typed.closes)
    if opens is None or closes is None:
        end, text = ("opens", typed.opens) if opens is None else ("closes", typed.closes)
        return Fault(position, end, Trouble.UNREADABLE if text.strip() else Trouble.MISSING)
    meant = (opens, closes)
    if closes <= opens:
        return Fault(position, "closes", Trouble.BACKWARDS)
    if position >= MOST_A_DAY:
        return Fault(position, "opens", Trouble.TOO_MANY, meant)
    if weekday not in envelope.weekdays:
        return Fault(position, "opens", Trouble.CLOSED_DAY, meant)
    if opens < envelope.opens or closes > envelope.closes:
        return Fault(position, "opens" if opens < envelope.opens else "closes", Trouble.OUTSIDE, meant)
    other = next(((start, end) for start, end in before if start < closes and opens < end), None)
    return meant if other is None else Fault(position, "opens", Trouble.OVERLAPS, meant, other)


def _cut(day: TypedDay, weekday: int, envelope: Envelope) -> TypedDay:
    kept: list[Typed] = []
    for typed in day:
        opens, closes = read_clock(typed.opens), read_closing(typed.closes)
        if opens is None or closes is None or closes <= opens:
            kept.append(typed)
            continue
        start, end = max(opens, envelope.opens), min(closes, envelope.closes)
        if weekday in envelope.weekdays and start < end:
            kept.append(Typed(write_clock(start), write_clock(end)))
    return tuple(kept)
