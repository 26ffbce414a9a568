"""When a mentor who does not answer is asked, and when somebody who runs the site is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from booking.domain.intervals import Interval

ASK_AFTER, TELL_AFTER = 2, 5
"""Whole working days of the mentor without an answer."""


def days_have_passed(since: datetime, working: Iterable[tuple[date, Interval]], days: int) -> datetime | None:
    """When that many whole working days are over; None if the time given has too few of them.

    A day on which the mentor was at work already when it was asked is not whole; one without working time (a holiday,
    time off, a weekend) is none.
    """
    begins: dict[date, datetime] = {}
    ends: dict[date, datetime] = {}
    for day, interval in working:
        begins[day] = min(interval.start, begins.get(day, interval.start))
        ends[day] = max(interval.end, ends.get(day, interval.end))
    whole = sorted(ends[day] for day, start in begins.items() if start >= since)
    return whole[days - 1] if len(whole) >= days else None
