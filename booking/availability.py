"""What other programs compute free times from: a mentor's bookable hours as VAVAILABILITY (RFC 7953), and somebody's
busy times as VFREEBUSY (RFC 5545, 3.6.4). The same bytes for the same values.

Hours are the one thing here that is said in local time, since weekly rules are what they are. The zone that they need
is written by rules as well; where a zone has none, and on dates that keep to no rule, there are instants.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Availability, Available, Calendar, FreeBusy, Timezone, TimezoneDaylight, TimezoneStandard

from booking import ics
from booking.domain.available import Weekly, available
from booking.domain.intervals import Interval, merge
from booking.domain.recurrence import DAY_MINUTES, instant
from booking.domain.schedule import Schedule
from booking.domain.yearly import Change, YearlyRules, yearly_rules

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOST = "office-hours"
_BEGINNING = datetime(1970, 1, 1)  # noqa: DTZ001  wall time, as VTIMEZONE has it


def busy_times(calendar: Calendar, busy: Iterable[Interval], within: Interval, *, stamp: datetime) -> None:
    """Adds them, merged and cut to `within`."""
    cut = [
        (ics.in_utc(max(span.start, within.start)), ics.in_utc(min(span.end, within.end)))
        for span in merge(busy)
        if span.overlaps(within)
    ]
    made = FreeBusy()
    made.add("UID", _uid("busy", within))
    made.add("DTSTAMP", ics.in_utc(stamp))
    made.add("DTSTART", ics.in_utc(within.start))
    made.add("DTEND", ics.in_utc(within.end))
    if cut:
        made.add("FREEBUSY", cut, parameters={"FBTYPE": "BUSY"})
    calendar.add_component(made)


def bookable_hours(calendar: Calendar, schedule: Schedule, within: Interval, *, stamp: datetime) -> None:
    """Adds them: what is not among them is not bookable. `within` are instants, the hours those of its local dates."""
    zones = schedule.zones
    first, last = zones.day_of(within.start), zones.day_of(within.end - timedelta(seconds=1))
    rules = yearly_rules(schedule.zone, first, last)
    found = available(schedule, first, last, by_rules=rules is not None)
    if rules is not None and found.weekly:
        calendar.add_component(_zone(schedule.zone, rules))
    made = Availability()
    made.add("UID", _uid("hours", within))
    made.add("DTSTAMP", ics.in_utc(stamp))
    made.add("DTSTART", ics.in_utc(within.start))
    made.add("DTEND", ics.in_utc(within.end))
    made.add("BUSYTYPE", "BUSY-UNAVAILABLE")
    for rule in found.weekly:
        made.add_component(_weekly(rule, schedule.zone, stamp))
    for span in found.single:
        made.add_component(_available(span.start, span.end, stamp))
    calendar.add_component(made)


def _weekly(rule: Weekly, zone: ZoneInfo, stamp: datetime) -> Available:
    opens, closes = rule.minutes
    made = _available(_local(rule.first, opens, zone), _local(rule.first, closes, zone), stamp)
    until = instant(rule.last, opens, zone)
    made.add("RRULE", {"FREQ": "WEEKLY", "BYDAY": WEEKDAYS[rule.first.weekday()], "UNTIL": until})
    if rule.without:
        made.add("EXDATE", [_local(day, opens, zone) for day in rule.without])
    return made


def _available(start: datetime, end: datetime, stamp: datetime) -> Available:
    made = Available()
    made.add("UID", _uid(start, end))
    made.add("DTSTAMP", ics.in_utc(stamp))
    made.add("DTSTART", start)
    made.add("DTEND", end)
    return made


def _local(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Wall time, of a date on which no clock changes; 24:00 is the next date's 00:00."""
    days, rest = divmod(minute, DAY_MINUTES)
    at = datetime.combine(day + timedelta(days=days), datetime.min.time(), zone)
    return at.replace(hour=rest // 60, minute=rest % 60)


def _zone(zone: ZoneInfo, rules: YearlyRules) -> Timezone:
    made = Timezone()
    made.add("TZID", zone.key)
    if not rules.changes:
        made.add_component(_observance(rules.begins, _BEGINNING))
    for each in rules.changes:
        wall = each.first.wall
        part = _observance(each.first, wall)
        by_day = f"{each.place}{WEEKDAYS[wall.weekday()]}"
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": wall.month, "BYDAY": by_day})
        made.add_component(part)
    return made


def _observance(change: Change, begins: datetime) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if change.is_summer else TimezoneStandard()
    part.add("DTSTART", begins)
    part.add("TZOFFSETFROM", change.before)
    part.add("TZOFFSETTO", change.after)
    if change.name:
        part.add("TZNAME", change.name)
    return part


def _uid(*parts: object) -> str:
    return f"{sha256(repr(parts).encode()).hexdigest()[:32]}@{HOST}"
