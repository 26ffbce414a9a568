"""From a mentor's wall clock to instants. What happens in gaps and folds is decided here and nowhere else.

A wall-clock time that the clock jumps over (a gap) is the first real minute after it; one that comes twice (a fold) is
its first occurrence; 24:00 is the next day's 00:00. The same goes for starts and ends. So an interval may be longer or
shorter than it reads, one that lies in a gap disappears, and one that begins or lies around a fold holds both passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.domain.intervals import Interval, subtract

MinuteRange = tuple[int, int]
"""From minute to minute of a local day, 0 to 1440."""
WeeklyHours = Mapping[int, tuple[MinuteRange, ...]]
"""By ISO weekday: 1 is Monday."""
Overrides = Mapping[date, tuple[MinuteRange, ...]]
"""Replace the weekly hours of a date; an empty tuple closes it."""
TimeOff = Sequence[tuple[datetime, datetime]]
"""Naive wall-clock times in the mentor's zone, [start, end)."""


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days without any hours, whatever else is written down: each of these ISO weekdays, and these dates."""

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays <= frozenset(range(1, 8)):
            raise ValueError("Weekdays run from Monday (1) to Sunday (7).")

    def __contains__(self, day: date) -> bool:
        return day in self.dates or day.isoweekday() in self.weekdays

    def __or__(self, other: DaysOff) -> DaysOff:
        return DaysOff(self.weekdays | other.weekdays, self.dates | other.dates)


NO_DAYS_OFF = DaysOff()

DAY_MINUTES = 1440
DAY_SECONDS = 86400
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A calendar day of a zone, with the epoch seconds of its 00:00 and 24:00. `begins` is later than 00:00 on a day
    that a traveller meets with hours of the day before still going on."""

    day: date
    zone: ZoneInfo
    opens: int
    closes: int
    begins: int = -(2**62)

    @property
    def steady(self) -> bool:
        """False if the clock changes on this day."""
        return self.closes - self.opens == DAY_SECONDS

    def at(self, minute: int) -> int:
        """Epoch seconds of a minute of the day, 0 to 1440; not before it begins."""
        if self.steady:
            return max(self.begins, self.opens + 60 * minute)
        return max(self.begins, _epoch(self.day.toordinal(), 60 * minute, self.zone))


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC instant of a minute (0 to 1440) of a local day; ValueError outside that."""
    if not 0 <= minute <= DAY_MINUTES:
        raise ValueError("A minute of the day lies between 0 (00:00) and 1440 (24:00).")
    return datetime.fromtimestamp(_epoch(day.toordinal(), 60 * minute, zone), UTC)


def wall_epoch(wall: datetime, zone: ZoneInfo) -> int:
    """Epoch seconds of a naive wall-clock time in a zone; fractions of a second are dropped, `fold` is not read."""
    if wall.tzinfo is not None:
        raise ValueError("Time off is given in the mentor's own wall-clock time, without a zone.")
    return _epoch(wall.toordinal(), 3600 * wall.hour + 60 * wall.minute + wall.second, zone)


def local_days(first: date, last: date, zone: ZoneInfo) -> Iterator[LocalDay]:
    """The days from `first` to `last`, both included."""
    day, opens = first, midnight(first, zone)
    while day <= last:
        following = day + _ONE_DAY
        closes = midnight(following, zone)
        yield LocalDay(day, zone, opens, closes)
        day, opens = following, closes


def hours_on(
    day: date, weekly: WeeklyHours, overrides: Overrides, days_off: DaysOff = NO_DAYS_OFF
) -> tuple[MinuteRange, ...]:
    """The working hours of one date as the mentor wrote them, overlapping and touching ranges joined; none on a day
    off."""
    if day in days_off:
        return ()
    ranges = overrides.get(day)
    return joined(weekly.get(day.isoweekday(), ()) if ranges is None else ranges)


def joined(ranges: Iterable[MinuteRange]) -> tuple[MinuteRange, ...]:
    """Sorted ranges, overlapping and touching ones as one; ValueError if one is empty or leaves the day."""
    result: list[MinuteRange] = []
    for start, end in sorted(ranges):
        if not 0 <= start < end <= DAY_MINUTES:
            raise ValueError("Working hours start before they end, between 00:00 and 24:00.")
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def time_off_epochs(time_off: TimeOff, zone: ZoneInfo) -> list[tuple[int, int]]:
    """Time off as epoch seconds [start, end), in the order given; what a gap swallows disappears."""
    spans = ((wall_epoch(start, zone), wall_epoch(end, zone)) for start, end in time_off)
    return [(start, end) for start, end in spans if start < end]


def working_intervals(
    weekly: WeeklyHours, overrides: Overrides, time_off: TimeOff, zone: ZoneInfo, first: date, last: date
) -> list[tuple[date, Interval]]:
    """When the mentor works on the local days `first` to `last`, both included: each interval with its day, sorted.

    Hours that touch at midnight stay two intervals; the site's envelope is not applied.
    """
    holes = time_off_epochs(time_off, zone)
    return intervals_of(local_days(first, last, zone), lambda day: hours_on(day, weekly, overrides), holes)


def intervals_of(
    days: Iterable[LocalDay], hours: Callable[[date], Iterable[MinuteRange]], holes: Iterable[tuple[int, int]]
) -> list[tuple[date, Interval]]:
    """The hours of each day as instants, without the holes (epoch seconds)."""
    gaps = [_interval(start, end) for start, end in holes]
    return [
        (local.day, piece)
        for local in days
        for start, end in hours(local.day)
        if local.at(start) < local.at(end)
        for piece in subtract([_interval(local.at(start), local.at(end))], gaps)
    ]


def wall_minutes(session: Interval, zone: ZoneInfo) -> tuple[date, int, int]:
    """The local day on which a session starts, and the minutes of that day between which the wall clock shows it.

    The end is a minute after what the clock shows in the last minute, so 24:00 is 1440. After a fold it may be below
    the start, and outside 1 to 1440 if the last minute reads as another day.
    """
    first = session.start.astimezone(zone)
    last = (session.end - _ONE_MINUTE).astimezone(zone)
    days = (last.date() - first.date()).days
    ends = DAY_MINUTES * days + 60 * last.hour + last.minute + 1
    return first.date(), 60 * first.hour + first.minute, ends


def _interval(start: int, end: int) -> Interval:
    return Interval(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))


@lru_cache(maxsize=20_000)
def midnight(day: date, zone: ZoneInfo) -> int:
    """Epoch seconds of 00:00; remembered, since all the mentors of a zone share their days."""
    return _epoch(day.toordinal(), 0, zone)


def _epoch(ordinal: int, seconds: int, zone: ZoneInfo) -> int:
    """Epoch seconds of so many wall-clock seconds (0 to 86400) after 00:00 of a day."""
    days, seconds = divmod(seconds, DAY_SECONDS)
    ordinal += days
    hours, rest = divmod(seconds, 3600)
    day = date.fromordinal(ordinal)
    wall = datetime(day.year, day.month, day.day, hours, rest // 60, rest % 60, tzinfo=zone)
    reads = (ordinal - _EPOCH_DAY) * DAY_SECONDS + seconds
    before, after = _offset(wall), _offset(wall.replace(fold=1))
    if before < after:  # in a gap, fold=0 has the offset before the jump and fold=1 the one after it (PEP 495)
        return _end_of_gap(reads - after, reads - before, zone)
    return reads - before


def _end_of_gap(early: int, late: int, zone: ZoneInfo) -> int:
    """The first second with the new offset, knowing that `early` has the old one and `late` the new one."""
    old = _offset(datetime.fromtimestamp(early, zone))
    while late - early > 1:
        middle = (early + late) // 2
        if _offset(datetime.fromtimestamp(middle, zone)) == old:
            early = middle
        else:
            late = middle
    return late


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None  # every moment here has a ZoneInfo
    return offset.days * DAY_SECONDS + offset.seconds
