"""Which sessions an edit of hours or boundaries would leave outside them. The edit itself changes no session: each was
judged when it was booked, and keeps what it was judged by (rule `business_hours_only`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from booking.domain.boundaries import Boundaries
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from booking.domain.zones import Zones


def newly_outside(before: Schedule, after: Schedule, sessions: Collection[Interval]) -> set[Interval]:
    """The sessions within the working hours of `before` that are not within those of `after`.

    The site's envelope plays no part: it is not what a mentor edits.
    """
    return outside(after, sessions) - outside(before, sessions)


def outside(schedule: Schedule, sessions: Collection[Interval]) -> set[Interval]:
    """The sessions that do not lie in one working interval, overrides, days off and time off counted."""
    if not sessions:
        return set()
    zones = schedule.zones
    first, last = zones.day_of(min(sessions).start), zones.day_of(max(sessions).start)
    working = defaultdict(list)
    for day, interval in schedule.working(first, last):
        working[day].append(interval)
    return {
        session
        for session in sessions
        if not any(interval.contains(session) for interval in working[zones.day_of(session.start)])
    }


def newly_over_caps(
    before: Boundaries, after: Boundaries, sessions: Collection[Interval], zones: Zones
) -> set[Interval]:
    """The sessions of days and weeks that hold more than `after` allows, and not more than `before` did."""
    return over_caps(after, sessions, zones) - over_caps(before, sessions, zones)


def over_caps(limits: Boundaries, sessions: Iterable[Interval], zones: Zones) -> set[Interval]:
    """The sessions of local days and Monday-to-Sunday weeks that hold more than the caps allow."""
    days: defaultdict[date, list[Interval]] = defaultdict(list)
    weeks: defaultdict[date, list[Interval]] = defaultdict(list)
    for session in sessions:
        day = zones.day_of(session.start)
        days[day].append(session)
        weeks[day - timedelta(days=day.weekday())].append(session)
    full_days = (found for found in days.values() if _is_over(limits, found))
    full_weeks = (found for found in weeks.values() if len(found) > limits.sessions_a_week)
    return {session for found in (*full_days, *full_weeks) for session in found}


def _is_over(limits: Boundaries, day: list[Interval]) -> bool:
    length = sum((session.duration for session in day), timedelta(0))
    return len(day) > limits.sessions_a_day or length > timedelta(minutes=limits.minutes_a_day)
