"""What a subscribed calendar shows. Everything here follows from the rows and the epoch, never from the clock itself.

The epoch is the Monday, 00:00 UTC, before now: the window and the tombstones move only with it, so that between two
Mondays a calendar changes only when a row does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from booking.domain.intervals import Interval, as_utc
from booking.domain.outcomes import Side
from booking.domain.states import CANCELLED, IN_CALENDARS, BookingStatus

BACK = timedelta(days=90)
AHEAD = timedelta(days=407)
"""The longest horizon, 400 days, counted from any day of the epoch's week."""
MOST_EVENTS = 1000
AFTER_CANCELLING = timedelta(days=30)
AFTER_THE_START = timedelta(days=7)


def busy_uid(uid: str) -> str:
    """Under which a session stands where only busy times are shown; nobody can tell from it which session it is."""
    name, _at, host = uid.partition("@")
    return f"busy-{sha256(name.encode()).hexdigest()[:32]}@{host}"


class Scope(StrEnum):
    """What a calendar holds of its owner's sessions."""

    BOTH = "both"
    MENTOR = "mentor"
    """Those that they give."""
    MENTEE = "mentee"
    """Those that they have booked."""
    BUSY = "busy"
    """When they have one, and nothing else: for those with whom one shares a calendar."""
    FREE_BUSY = "free_busy"
    """The same for programs that look for a time: VFREEBUSY, no events."""
    HOURS = "hours"
    """In which hours they can be booked, for programs too: VAVAILABILITY."""

    @property
    def is_mentors(self) -> bool:
        """A mentee has nothing to show in it that another one does not."""
        return self in {Scope.BOTH, Scope.MENTOR, Scope.HOURS}

    @property
    def names_people(self) -> bool:
        return self in {Scope.BOTH, Scope.MENTOR, Scope.MENTEE}

    @property
    def has_events(self) -> bool:
        """Otherwise no app shows it: it is for programs that compute free times."""
        return self not in {Scope.FREE_BUSY, Scope.HOURS}


@dataclass(frozen=True, slots=True)
class Site:
    """What a calendar says of the site. `meeting_url` is where mentors without a room of their own meet."""

    name: str
    public_url: str
    meeting_url: str

    def session_page(self, public_id: str) -> str:
        return f"{self.public_url}/sessions/{public_id}"


@dataclass(frozen=True, slots=True)
class Person:
    """`zone` is an IANA name."""

    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A calendar's address as one indexed read finds it, with what decides whether there is anything new. `language` is
    the owner's."""

    feed_id: int
    user_id: int
    scope: Scope
    with_join_link: bool
    with_cancelled: bool
    revision: int
    changed_at: datetime
    owner: Person
    language: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booking as calendars need it; `changed_at` is when they last had something new to show of it."""

    public_id: str
    uid: str
    sequence: int
    status: BookingStatus
    title: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    changed_at: datetime
    mentor_id: int
    mentor: Person
    mentee: Person
    meeting_url: str

    @property
    def cancelled(self) -> bool:
        return self.status in CANCELLED

    def side_of(self, user_id: int) -> Side:
        """On which that one of its two people sits."""
        return Side.MENTOR if user_id == self.mentor_id else Side.MENTEE

    def other(self, side: Side) -> Person:
        """The one whom the person on that side meets."""
        return self.mentor if side is Side.MENTEE else self.mentee

    def stands_in_calendars(self, epoch: datetime) -> bool:
        """A cancelled session leaves a tombstone until both 30 days after it was cancelled and 7 after its start."""
        if not self.cancelled:
            return self.status in IN_CALENDARS
        return epoch < max(self.changed_at + AFTER_CANCELLING, self.starts_at + AFTER_THE_START)


def epoch_of(now: datetime) -> datetime:
    day = as_utc(now).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)


def window(epoch: datetime) -> Interval:
    """In which a session has to start to be shown."""
    return Interval(epoch - BACK, epoch + AHEAD)


def asked_window(epoch: datetime, since: str, until: str) -> Interval | None:
    """What `?from=&to=` asks for, as far as calendars reach: dates in UTC or instants; `until` is left out. Empty texts
    are the epoch and the end. None for what cannot be read, or is no time at all."""
    whole = window(epoch)
    try:
        start = _moment(since) if since else epoch
        end = _moment(until) if until else whole.end
    except ValueError:
        return None
    start, end = max(start, whole.start), min(end, whole.end)
    return Interval(start, end) if start < end else None


def starting_in(within: Interval) -> Interval:
    """When a session begins that reaches into this time; none is longer than a day."""
    return Interval(within.start - timedelta(days=1), within.end)


def _moment(text: str) -> datetime:
    """Of `2026-12-01` or `2026-12-01T09:30Z`; ValueError for anything else."""
    at = datetime.fromisoformat(text)
    return as_utc(at.replace(tzinfo=UTC)) if len(text) == len("2026-12-01") else as_utc(at)


def shown(appointments: Iterable[Appointment], epoch: datetime) -> list[Appointment]:
    """By start, then UID; the newest when there are more than a calendar holds."""
    within = window(epoch)
    standing = [
        appointment
        for appointment in appointments
        if within.start <= appointment.starts_at < within.end and appointment.stands_in_calendars(epoch)
    ]
    return sorted(standing, key=lambda appointment: (appointment.starts_at, appointment.uid))[-MOST_EVENTS:]
