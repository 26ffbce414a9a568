"""A mentor's bookable hours as calendar apps can be told them: weekly rules, and what is otherwise on single dates.

A rule is wall time. Dates on which its instants are not exactly the hours of the mentor (another day's hours, time off,
a holiday, a journey, a change of the clock) are taken out of it and given as instants, so nobody has to know what this
site does in a gap or a repeated hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import MinuteRange, instant, intervals_of, joined, local_days
from booking.domain.schedule import Schedule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Minutes of a weekday (1440 is the day's end), each week from `first` to `last`, but for the dates `without`."""

    first: date
    last: date
    minutes: MinuteRange
    without: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Available:
    """Together all the bookable hours of some dates, none of them twice."""

    weekly: tuple[Weekly, ...]
    single: tuple[Interval, ...]


def available(schedule: Schedule, first: date, last: date, *, by_rules: bool) -> Available:
    """Of the mentor's dates from `first` to `last`, both included. Without rules all of it are instants."""
    days = [first + _DAY * number for number in range((last - first).days + 1)]
    real, usual = bookable_hours(schedule, first, last), _usual(schedule) if by_rules else {}
    changing = {local.day for local in local_days(first, last + _DAY, schedule.zone) if not local.steady}
    odd = {day for day in days if {day, day + _DAY} & changing or real.get(day, []) != _by_rule(day, usual, schedule)}
    weekly = tuple(
        Weekly(regular[0], regular[-1], minutes, tuple(day for day in same if day in odd and day < regular[-1]))
        for weekday, ranges in sorted(usual.items())
        if (same := [day for day in days if day.isoweekday() == weekday])
        if (regular := [day for day in same if day not in odd])
        for minutes in ranges
    )
    return Available(weekly, tuple(span for day in sorted(odd) for span in real.get(day, [])))


def bookable_hours(schedule: Schedule, first: date, last: date) -> dict[date, list[Interval]]:
    """In which sessions may lie, by date: the working hours within the site's, without time off."""
    zones, found = schedule.zones, dict[date, list[Interval]]()
    holes = zones.time_off(schedule.time_off)
    for day, span in intervals_of(zones.days(first, last), lambda day: _cut(schedule, day), holes):
        found.setdefault(day, []).append(span)
    return found


def _cut(schedule: Schedule, day: date) -> tuple[MinuteRange, ...]:
    return _within(schedule.hours_on(day), day.isoweekday(), schedule.envelope)


def _usual(schedule: Schedule) -> dict[int, tuple[MinuteRange, ...]]:
    week = schedule.usual_week
    cut = {weekday: _within(joined(ranges), weekday, schedule.envelope) for weekday, ranges in week.items()}
    return {weekday: ranges for weekday, ranges in cut.items() if ranges}


def _within(ranges: Iterable[MinuteRange], weekday: int, envelope: Envelope) -> tuple[MinuteRange, ...]:
    if weekday not in envelope.weekdays:
        return ()
    cut = ((max(opens, envelope.opens), min(closes, envelope.closes)) for opens, closes in ranges)
    return tuple((opens, closes) for opens, closes in cut if opens < closes)


def _by_rule(day: date, usual: Mapping[int, tuple[MinuteRange, ...]], schedule: Schedule) -> list[Interval]:
    """What a reader of the rules takes for the hours of a date on which no clock changes."""
    ranges = usual.get(day.isoweekday(), ())
    return [
        Interval(instant(day, opens, schedule.zone), instant(day, closes, schedule.zone)) for opens, closes in ranges
    ]
