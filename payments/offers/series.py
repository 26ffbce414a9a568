"""All times of a series as they stand now, before it is booked: with a checkout, or out of what was bought.

Nothing is held or locked by looking: whoever books judges all of it again, as one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.refusals import Rule
from booking.domain.schedule import Schedule
from booking.domain.series import REACH, Meeting, can_be_held, series
from booking.domain.zones import Zones
from booking.queries.bookings import diary, schedule_of


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is in the way of each time, and what is free beside it."""

    zones: Zones
    meetings: list[Meeting]
    minutes: int
    open_until: date
    """On the mentor's calendar: later, nothing can be booked yet."""

    @property
    def can_be_held(self) -> bool:
        return can_be_held(self.meetings)

    @property
    def can_be_mended(self) -> bool:
        """With the times that stand beside the conflicts."""
        return all(meeting.beside for meeting in self.meetings if meeting.refusal)

    @property
    def is_too_long(self) -> bool:
        return any(meeting.refusal and meeting.refusal.rule is Rule.TOO_FAR for meeting in self.meetings)

    @property
    def first(self) -> datetime:
        return self.starts[0]

    @property
    def later(self) -> list[datetime]:
        return self.starts[1:]

    @property
    def starts(self) -> list[datetime]:
        return [meeting.start for meeting in self.meetings]

    def end_of(self, start: datetime) -> datetime:
        return start + timedelta(minutes=self.minutes)

    def mentors_zone(self, start: datetime) -> ZoneInfo:
        return self.zones.on(self.zones.day_of(start))


@dataclass(frozen=True, slots=True)
class Pair:
    mentor_id: int
    mentee_id: int


def propose(
    session: Session,
    pair: Pair,
    starts_by: Callable[[Schedule], Sequence[datetime]],
    *,
    minutes: int,
    now: datetime,
    envelope: Envelope,
    without: Collection[int] = (),
) -> Proposed:
    """`starts_by` says when, in their order, from what the mentor has written down; `without` are bookings that would
    be given back for it."""
    schedule = schedule_of(session, pair.mentor_id, envelope)
    starts = starts_by(schedule)
    found = diary(
        session,
        mentor_id=pair.mentor_id,
        mentee_id=pair.mentee_id,
        around=Interval(starts[0] - REACH, starts[-1] + REACH),
        envelope=envelope,
        without=without,
    )
    return Proposed(
        zones=schedule.zones,
        meetings=series(found, starts, minutes=minutes, now=now),
        minutes=minutes,
        open_until=schedule.zones.day_of(now + schedule.boundaries.horizon),
    )
