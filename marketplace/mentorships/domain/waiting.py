"""What waits between sessions: a week on which the mentee has not said anything, and the day on which the two wanted to
look again at how they work together. All of it on the mentee's clock. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

FRIDAY = 4
CHECK_IN_FROM, CHECK_IN_UNTIL = time(10), time(20)
"""On Fridays; a worker that was away for longer lets the week go."""
REVIEW_FROM = time(9)
REVIEW_WITHIN = timedelta(days=7)
STILL_MEETING = timedelta(weeks=4)
"""Who has not met for longer, and meets no more, is not asked about their weeks."""


def asks_for_check_in(now: datetime, zone: tzinfo) -> bool:
    there = now.astimezone(zone)
    return there.weekday() == FRIDAY and CHECK_IN_FROM <= there.time() < CHECK_IN_UNTIL


def asks_for_review(review_on: date, now: datetime, zone: tzinfo) -> bool:
    there = now.astimezone(zone)
    return _at(review_on, REVIEW_FROM, zone) <= now and there.date() - review_on <= REVIEW_WITHIN


def next_look(now: datetime, zone: tzinfo, review_on: date | None) -> datetime:
    """When something of it may have come: the next Friday, or that day if it is nearer."""
    today = now.astimezone(zone).date()
    friday = _at(today + timedelta(days=(FRIDAY - today.weekday()) % 7), CHECK_IN_FROM, zone)
    if friday <= now:
        friday = _at(today + timedelta(days=(FRIDAY - today.weekday()) % 7 + 7), CHECK_IN_FROM, zone)
    review = _at(review_on, REVIEW_FROM, zone) if review_on else friday
    return min(friday, review) if review > now else friday


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone)
