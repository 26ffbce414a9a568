"""A month, the day that is open in it, and its times: how somebody chooses when, on whichever page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from booking.domain.diary import Diary
from booking.domain.slots import Slot
from marketplace.core.language import said
from marketplace.pages.asked import Asked
from marketplace.pages.month import Month, by_local_day, month_of

INSTEAD = 6
"""How many other times are offered when one is gone."""


@dataclass(frozen=True, slots=True)
class Times:
    """The month, the day that is open in it, and its times; `gone` says why the time asked for cannot be had, and
    `is_left_out` that the reader's own calendars keep times away."""

    month: Month
    day: date | None
    slots: list[Slot]
    chosen: Slot | None
    gone: str
    instead: list[Slot]
    is_left_out: bool


def times_of(found: Diary, slots: list[Slot], asked: Asked, zone: ZoneInfo, *, minutes: int, now: datetime) -> Times:
    """`slots` are those of the diary that may be chosen, sorted, and one at least."""
    days = by_local_day(slots, zone)
    chosen = next((slot for slot in slots if slot.start == asked.start), None)
    month = month_of(
        _wanted_day(asked, min(days), zone),
        days,
        today=now.astimezone(zone).date(),
        last=(now + found.schedule.boundaries.horizon).astimezone(zone).date(),
    )
    open_day = _open_day(month, days, asked, zone)
    gone = "" if chosen or asked.start is None else _why_gone(found, asked.start, minutes, now)
    later = [slot for slot in slots if asked.start and slot.start > asked.start]
    return Times(
        month=month,
        day=open_day,
        slots=days.get(open_day, []) if open_day else [],
        chosen=chosen,
        gone=gone,
        instead=(later or slots)[:INSTEAD] if gone else [],
        is_left_out=bool(found.mentee_away),
    )


def _wanted_day(asked: Asked, first_free: date, zone: ZoneInfo) -> date:
    start = asked.start.astimezone(zone).date() if asked.start else None
    return asked.month or asked.day or start or first_free


def _open_day(month: Month, days: dict[date, list[Slot]], asked: Asked, zone: ZoneInfo) -> date | None:
    """The day asked for if it has times in the month, else that of the time asked for, else the first that has."""
    shown = sorted(day for day in days if day.replace(day=1) == month.first)
    start = asked.start.astimezone(zone).date() if asked.start else None
    return next((day for day in (asked.day, start, *shown) if day in shown), None)


def _why_gone(found: Diary, start: datetime, minutes: int, now: datetime) -> str:
    refusal = found.why_not(start, minutes=minutes, now=now)
    assert refusal is not None, "the times on offer are judged by the same rules"
    return _("That time cannot be booked any more: %(reason)s.", reason=said(refusal.words))
