"""Busy calendars: what makes somebody busy, which times are looked at, when a calendar is read again, and what can be
wrong with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.domain.boundaries import BEYOND_EVERY_HORIZON
from booking.domain.intervals import Interval, merge

BEFORE = timedelta(days=1)
MARGIN = timedelta(days=31)
"""So much further than anybody can book: what was read last still counts while a calendar does not answer."""
WHOLE_EVERY = timedelta(days=7)
"""A calendar that says of itself that nothing has changed is read as a whole so often: the window moves on."""
SLOWEST = timedelta(hours=6)
"""A calendar that does not answer is tried again at least so often."""
LONGEST_PAUSE = timedelta(days=1)
"""And one that asks for a pause (Retry-After) is left alone for no longer."""
ASKED_AFTER = timedelta(days=1)
"""After so long without an answer its owner is asked what is wrong."""
FREE_IN_OUTLOOK = frozenset({"FREE", "WORKINGELSEWHERE"})


class Trouble(StrEnum):
    """Why a calendar could not be read, by names that never change."""

    UNREACHABLE = "unreachable"
    """No such name, nobody there, or an address that is not on the internet: told alike, so that nobody can look
    around in the site's own network."""
    STATUS = "status"
    """It answers, with something else than a calendar; which status stands beside it."""
    REDIRECTS = "redirects"
    SLOW = "slow"
    LARGE = "large"
    NO_CALENDAR = "no_calendar"
    TOO_MUCH = "too_much"
    """More entries or repetitions than are read, or it takes too long to make sense of them."""
    SEALED = "sealed"
    """Its address was sealed with another SECRET_KEY: nobody can read it here."""


class Unreadable(Exception):
    """The calendar could not be read. `again_in` is the pause that it asks for, in seconds."""

    def __init__(self, trouble: Trouble, status: int | None = None, again_in: int | None = None) -> None:
        super().__init__(trouble.value if status is None else f"{trouble.value} {status}")
        self.trouble, self.status, self.again_in = trouble, status, again_in


@dataclass(frozen=True, slots=True)
class Reading:
    """What a calendar says. `events` are its entries, `unread` those that could not be read, `unzoned` those in a time
    zone that nobody knows, which were read as their owner's."""

    busy: tuple[Interval, ...]
    events: int = 0
    unread: int = 0
    unzoned: int = 0


def window_at(now: datetime) -> Interval:
    """What is read: what may still matter, and as far as anybody can book."""
    return Interval(now - BEFORE, now + BEYOND_EVERY_HORIZON + MARGIN)


def takes_time(*, status: str, transparency: str, outlook: str) -> bool:
    """Whether an entry makes its owner busy, by its STATUS, TRANSP and X-MICROSOFT-CDO-BUSYSTATUS; what is not said, or
    is not known, does."""
    free = transparency.upper() == "TRANSPARENT" or outlook.upper() in FREE_IN_OUTLOOK
    return not free and status.upper() != "CANCELLED"


def busy_within(window: Interval, spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """The parts of the spans that lie in the window, sorted; overlapping and touching ones as one."""
    parts = ((max(span.start, window.start), min(span.end, window.end)) for span in spans)
    return tuple(merge(Interval(start, end) for start, end in parts if start < end))


def pause_after(failures: int, *, every: timedelta, spread: float, again_in: int | None = None) -> timedelta:
    """How long a calendar is left alone that has failed so often in a row; 0 for one that has answered.

    Doubled with each failure, up to SLOWEST. `spread`, from 0 to 1, makes it up to a tenth longer, so that not all
    calendars are read at one moment.
    """
    doubled: int = 2 ** min(failures, 16)
    pause = max(every, min(every * doubled, SLOWEST))
    if again_in is not None:
        pause = max(pause, min(timedelta(seconds=again_in), LONGEST_PAUSE))
    return pause + pause * spread / 10
