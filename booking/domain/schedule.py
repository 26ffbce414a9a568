"""Everything that a mentor and the site have written down about when sessions may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.intervals import Interval
from booking.domain.recurrence import (
    NO_DAYS_OFF,
    DaysOff,
    MinuteRange,
    Overrides,
    TimeOff,
    WeeklyHours,
    hours_on,
    intervals_of,
    joined,
)
from booking.domain.zones import Journey, Zones


@dataclass(frozen=True, slots=True)
class Schedule:
    """`days_off` are those on which nothing is offered, whatever the hours say. `zone` is the mentor's own; for the
    dates of a journey it is the journey's (`booking.domain.zones`)."""

    zone: ZoneInfo
    weekly: WeeklyHours
    overrides: Overrides = field(default_factory=dict)
    time_off: TimeOff = ()
    boundaries: Boundaries = field(default_factory=Boundaries)
    envelope: Envelope = field(default_factory=Envelope)
    days_off: DaysOff = NO_DAYS_OFF
    journeys: tuple[Journey, ...] = ()

    def __post_init__(self) -> None:
        if not all(1 <= weekday <= 7 for weekday in self.weekly):
            raise ValueError("Weekdays run from Monday (1) to Sunday (7).")
        for ranges in (*self.weekly.values(), *self.overrides.values()):
            joined(ranges)

    @property
    def zones(self) -> Zones:
        return Zones(self.zone, self.journeys)

    @property
    def usual_week(self) -> WeeklyHours:
        """The weekly hours without the weekdays on which nothing is ever offered."""
        off = self.days_off.weekdays
        return {weekday: ranges for weekday, ranges in self.weekly.items() if weekday not in off}

    def hours_on(self, day: date) -> tuple[MinuteRange, ...]:
        return hours_on(day, self.weekly, self.overrides, self.days_off)

    def working(self, first: date, last: date) -> list[tuple[date, Interval]]:
        """When the mentor works on these local days, both included; the site's envelope is not applied."""
        zones = self.zones
        return intervals_of(zones.days(first, last), self.hours_on, zones.time_off(self.time_off))
