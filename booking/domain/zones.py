"""Which zone each local date of a mentor has: their own, or for the dates of a journey the one they travel in.

A date begins when it is midnight both in its own zone and in that of the date before, and ends at its own midnight. So
no instant belongs to the working time of two dates; what lies between two of them (travelling west) counts as the
earlier one, and nobody works then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.recurrence import LocalDay, TimeOff, local_days, midnight, wall_epoch

_ONE_DAY = timedelta(days=1)
_FURTHEST_APART = 3
"""Days by which the dates of two zones can differ, and one more."""


@dataclass(frozen=True, slots=True, order=True)
class Journey:
    """From the first to the last of these dates, both included, the mentor lives by the clocks of `key`."""

    first: date
    last: date
    key: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A journey ends after it begins.")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.key)


@dataclass(frozen=True, slots=True)
class Zones:
    """`journeys` do not overlap."""

    home: ZoneInfo
    journeys: tuple[Journey, ...] = ()

    def on(self, day: date) -> ZoneInfo:
        for each in self.journeys:
            if each.first <= day <= each.last:
                return each.zone
        return self.home

    def day_of(self, moment: datetime | float) -> date:
        """The date to which an instant, or an epoch second, belongs."""
        at = moment.timestamp() if isinstance(moment, datetime) else moment
        day = datetime.fromtimestamp(at, self.home).date()
        near = self._near(day)
        if not near:
            return day
        # No later date can have begun than any of the clocks shows, or the next where one goes back over midnight.
        day = max(day, *(datetime.fromtimestamp(at, each.zone).date() for each in near)) + _ONE_DAY
        while at < self.begins(day):
            day -= _ONE_DAY
        return day

    def journey_at(self, moment: datetime) -> Journey | None:
        """None at home."""
        day = self.day_of(moment)
        return next((each for each in self.journeys if each.first <= day <= each.last), None)

    def clock(self, moment: datetime) -> datetime:
        """What the mentor's wall clock shows at an instant, without a zone."""
        return moment.astimezone(self.on(self.day_of(moment))).replace(tzinfo=None)

    def begins(self, day: date) -> int:
        """The epoch second at which a date begins."""
        before = day - _ONE_DAY
        # The day before may itself have begun late; zones lie so far apart at most that no third one matters.
        zone, zone_before, zone_before_that = self.on(day), self.on(before), self.on(before - _ONE_DAY)
        if zone is zone_before is zone_before_that:
            return midnight(day, zone)
        return max(midnight(day, zone), midnight(day, zone_before), midnight(before, zone_before_that))

    def _near(self, day: date) -> list[Journey]:
        """The journeys that may have a say in when this date begins, or in which dates lie beside it."""
        number = day.toordinal()
        return [
            each
            for each in self.journeys
            if each.first.toordinal() - _FURTHEST_APART <= number <= each.last.toordinal() + _FURTHEST_APART
        ]

    def days(self, first: date, last: date) -> Iterator[LocalDay]:
        """The dates from `first` to `last`, both included."""
        if not self.journeys:
            yield from local_days(first, last, self.home)
            return
        day = first
        while day <= last:
            (local,) = local_days(day, day, self.on(day))
            yield replace(local, begins=self.begins(day)) if self._near(day) else local
            day += _ONE_DAY

    def wall(self, wall: datetime) -> int:
        """Epoch seconds of a naive time on the mentor's wall clock; a midnight is when the date begins."""
        if not self.journeys:
            return wall_epoch(wall, self.home)
        begins = self.begins(wall.date())
        return begins if wall.time() == time() else max(begins, wall_epoch(wall, self.on(wall.date())))

    def time_off(self, time_off: TimeOff) -> list[tuple[int, int]]:
        """Time off as epoch seconds [start, end), in the order given; what a gap swallows disappears."""
        spans = ((self.wall(start), self.wall(end)) for start, end in time_off)
        return [(start, end) for start, end in spans if start < end]
