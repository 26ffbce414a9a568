"""All that decides whether somebody can be booked, and the questions that are asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from booking.domain import slots
from booking.domain.caps import Taken
from booking.domain.free_again import FreeAgain, free_again
from booking.domain.intervals import Interval
from booking.domain.refusals import Refusal
from booking.domain.schedule import Schedule
from booking.domain.slots import Slot


@dataclass(frozen=True, slots=True)
class Diary:
    """All that decides whether a mentor can be booked by this mentee around some time."""

    schedule: Schedule
    sessions: list[Taken]
    mentor_busy: list[Interval]
    mentee_busy: list[Interval]
    mentee_away: list[Interval]

    def bookable(self, *, minutes: int, window: Interval, now: datetime) -> list[Slot]:
        return list(self.upcoming(minutes=minutes, window=window, now=now))

    def upcoming(self, *, minutes: int, window: Interval, now: datetime) -> Iterator[Slot]:
        """The same, one after the other, for who needs only the first of them."""
        return slots.upcoming(
            self.schedule,
            minutes=minutes,
            window=window,
            now=now,
            sessions=self.sessions,
            mentor_busy=self.mentor_busy,
            mentee_busy=self.mentee_busy,
            mentee_away=self.mentee_away,
        )

    def free_again(self, *, minutes: int, now: datetime, not_before: date | None = None) -> FreeAgain:
        """For a diary of all the time that anybody's calendar can be open for."""
        return free_again(
            self.schedule,
            minutes=minutes,
            now=now,
            sessions=self.sessions,
            mentor_busy=self.mentor_busy,
            mentee_busy=self.mentee_busy,
            mentee_away=self.mentee_away,
            not_before=not_before,
        )

    def why_not(self, start: datetime, *, minutes: int, now: datetime) -> Refusal | None:
        return slots.why_not(
            self.schedule,
            start,
            minutes=minutes,
            now=now,
            sessions=self.sessions,
            mentor_busy=self.mentor_busy,
            mentee_busy=self.mentee_busy,
            mentee_away=self.mentee_away,
        )
