"""What an iCalendar file says about when its owner is busy. Nothing else that is in it leaves here.

Runs only in a process of its own (`booking.busy.apart`): icalendar remembers zones by their names for as long as a
process lives, and what one person's calendar calls “Customized Time Zone” must not become another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import recurring_ical_events
from icalendar import Calendar
from icalendar.prop import vBroken

from booking.busy.zones import Moment, clock, give_zones, instant, values_of
from booking.domain.busy import Reading, Trouble, Unreadable, busy_within, takes_time
from booking.domain.intervals import Interval

MOST_EVENTS = 5_000
MOST_TIMES = 20_000
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
"""Repetitions that no person's calendar has, and that have no end within reach."""
MATTERS = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
NAMED_ZONE = "X-WR-TIMEZONE"
BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
"""What comes of files that say what no program has thought of."""
_ONE_DAY = timedelta(days=1)
Part = Any
"""A component as icalendar has parsed it."""


def read(text: bytes, *, zone: ZoneInfo, window: Interval, ours: Collection[str] = ()) -> Reading:
    """`zone` is the owner's: for whole days, and for times without a zone where the calendar names none. `ours` are the
    UIDs that are left out: sessions of this site that its owner's calendar shows too. Raises Unreadable."""
    calendars = _parsed(text)
    if sum(len(_named(calendar, "VEVENT")) for calendar in calendars) > MOST_EVENTS:
        raise Unreadable(Trouble.TOO_MUCH)
    found = _Found(zone, window)
    for calendar in calendars:
        named = _zone_named_in(calendar)
        for series in _series(calendar, ours):
            found.add_series(series, named)
        for part in _named(calendar, "VFREEBUSY"):
            found.add_free_busy(part, named or zone)
    return Reading(busy_within(window, found.spans), found.events, found.unread, found.unzoned)


def _parsed(text: bytes) -> list[Calendar]:
    plain = text.decode("utf-8-sig", errors="replace").strip()
    if plain[:15].upper() != "BEGIN:VCALENDAR" or plain[-13:].upper() != "END:VCALENDAR":
        raise Unreadable(Trouble.NO_CALENDAR)  # half a calendar would say that its owner is free
    try:
        parsed: list[Part] = Calendar.from_ical(plain, multiple=True)
    except BROKEN:
        raise Unreadable(Trouble.NO_CALENDAR) from None
    if not parsed or any(each.name != "VCALENDAR" for each in parsed):
        raise Unreadable(Trouble.NO_CALENDAR)
    return parsed


def _named(calendar: Part, name: str) -> list[Part]:
    return [each for each in calendar.subcomponents if each.name == name]


def _zone_named_in(calendar: Part) -> ZoneInfo | None:
    """What the calendar as a whole goes by, as Google, Apple and others write it."""
    try:
        return ZoneInfo(str(calendar[NAMED_ZONE]))
    except (KeyError, ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _series(calendar: Part, ours: Collection[str]) -> Iterable[list[Part]]:
    """The entries that belong together: one with its exceptions. What has no UID stands for itself."""
    series: defaultdict[object, list[Part]] = defaultdict(list)
    for event in _named(calendar, "VEVENT"):
        uid = str(event.get("UID", ""))
        if uid not in ours:
            series[uid or id(event)].append(event)
    return series.values()


@dataclass(slots=True)
class _Found:
    zone: ZoneInfo
    window: Interval
    spans: list[Interval] = field(default_factory=list)
    events: int = 0
    unread: int = 0
    unzoned: int = 0

    def add_series(self, series: list[Part], named: ZoneInfo | None) -> None:
        """A part that cannot be read is counted and left out; what is left of its series stands."""
        self.events += len(series)
        self.unread += sum([_mend(event) for event in series])
        begun = [event for event in series if "DTSTART" in event]
        try:
            if any(freq in TOO_OFTEN for event in begun for freq in _frequencies(event)):
                raise Unreadable(Trouble.TOO_MUCH)
            self.unzoned += sum(give_zones(event, named or self.zone) for event in begun)
            self._add(self._times(begun, named))
        except BROKEN:
            self.unread += 1

    def add_free_busy(self, part: Part, home: ZoneInfo) -> None:
        self.events += 1
        try:
            periods = values_of(part, "FREEBUSY")
            busy = [each.dt for each in periods if str(each.params.get("FBTYPE", "BUSY")).upper() != "FREE"]
            self._add(_interval(start, start + end if isinstance(end, timedelta) else end, home) for start, end in busy)
        except BROKEN:
            self.unread += 1

    def _add(self, spans: Iterable[Interval]) -> None:
        self.spans.extend(islice(spans, MOST_TIMES + 1 - len(self.spans)))
        if len(self.spans) > MOST_TIMES:
            raise Unreadable(Trouble.TOO_MUCH)

    def _times(self, events: list[Part], named: ZoneInfo | None) -> Iterator[Interval]:
        """When the entry takes its owner's time, in the window and a day around it: whole days have no zone."""
        alone = Calendar()
        if named:
            alone.add(NAMED_ZONE, named.key)
        for event in events:
            alone.add_component(event)
        around = (self.window.start - _ONE_DAY, self.window.end + _ONE_DAY)
        for each in recurring_ical_events.of(alone).between(*around):
            start, end = each["DTSTART"].dt, each["DTEND"].dt
            if start != end and takes_time(
                status=str(each.get("STATUS", "")),
                transparency=str(each.get("TRANSP", "")),
                outlook=str(each.get("X-MICROSOFT-CDO-BUSYSTATUS", "")),
            ):
                yield _interval(start, end, self.zone)


def _mend(event: Part) -> bool:
    """Takes out, of what says when it is, what cannot be read; True if there was any."""
    broken = {name for name in MATTERS for value in values_of(event, name) if isinstance(value, vBroken)}
    for name in broken:
        readable = [value for value in values_of(event, name) if not isinstance(value, vBroken)]
        del event[name]
        if readable:
            event[name] = readable
    return bool(broken) or "DTSTART" not in event


def _frequencies(event: Part) -> Iterator[str]:
    return (str(freq).upper() for rule in values_of(event, "RRULE") for freq in rule.get("FREQ", ()))


def _interval(start: Moment, end: Moment, zone: ZoneInfo) -> Interval:
    """Where the clock leaves out what lies between them, it is as long as the clock would say on another day."""
    begins, ends = instant(start, zone), instant(end, zone)
    return Interval(begins, ends if begins < ends else begins + (clock(end) - clock(start)))
