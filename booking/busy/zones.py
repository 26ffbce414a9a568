"""Times of an iCalendar file that name no zone, or one that nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.prop import vDDDLists, vDDDTypes

Moment = date | datetime
_LAST_SECOND = time(23, 59, 59)


def values_of(part: Any, name: str) -> list[Any]:
    """All of a property that may stand there once, several times, or not at all."""
    given = part.get(name, [])
    return given if isinstance(given, list) else [given]


def give_zones(event: Any, home: ZoneInfo) -> bool:
    """Times without a zone get one, in place: the start gets `home`, all else what the start has. True if a zone was
    named that nobody knows."""
    begins = event["DTSTART"]
    is_unknown = "TZID" in begins.params and _is_floating(begins.dt)
    event["DTSTART"] = vDDDTypes(_zoned(begins.dt, home))
    start = event["DTSTART"].dt
    zone = start.tzinfo if isinstance(start, datetime) and start.tzinfo else home
    for name in ("DTEND", "RECURRENCE-ID"):
        if name in event:
            event[name] = _same(event[name], _zoned(event[name].dt, zone))
    for name in ("RDATE", "EXDATE"):
        if name in event:
            event[name] = [vDDDLists([_zoned(each.dt, zone) for each in some.dts]) for some in values_of(event, name)]
    for rule in values_of(event, "RRULE"):
        if "UNTIL" in rule and isinstance(start, datetime):
            rule["UNTIL"] = [_until(rule["UNTIL"][0], zone)]
    return is_unknown


def instant(moment: Moment, zone: ZoneInfo) -> datetime:
    """In UTC; the beginning of a whole day, which is the end of the one before, in `zone`."""
    named = moment.tzinfo if isinstance(moment, datetime) else None
    return clock(moment).replace(tzinfo=named or zone).astimezone(UTC)


def clock(moment: Moment) -> datetime:
    """What the clock on the wall shows then; midnight for a whole day."""
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime.combine(moment, time())


def _zoned(value: Any, zone: tzinfo) -> Any:
    """A period is a start with an end or a length."""
    if isinstance(value, tuple):
        return tuple(_zoned(each, zone) for each in value)
    return value.replace(tzinfo=zone) if _is_floating(value) else value


def _is_floating(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _same(before: Any, value: Moment) -> vDDDTypes:
    """With what else is said of it: RANGE=THISANDFUTURE."""
    made = vDDDTypes(value)
    if "RANGE" in before.params:
        made.params["RANGE"] = before.params["RANGE"]
    return made


def _until(last: Moment, zone: tzinfo) -> datetime:
    """The end of a rule has to be in UTC where its start has a zone, and often is not: a date holds all of its day."""
    if not isinstance(last, datetime):
        last = datetime.combine(last, _LAST_SECOND)
    return (last if last.tzinfo else last.replace(tzinfo=zone)).astimezone(UTC)
