"""Fit calls are free, so that two people can find out whether they fit; and few, so that nobody shops for free hours.

Rule `fit_calls_are_few`: one for each pair of people, and two ahead of a mentee over all mentors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.domain.states import PENDING, BookingStatus

OPEN_AT_ONCE = 2
MET = frozenset({BookingStatus.COMPLETED, BookingStatus.NO_SHOW_MENTEE})
"""The mentor came. Where the mentor did not, the mentee may try again."""
STANDING = PENDING | {BookingStatus.CONFIRMED}


class Question(StrEnum):
    """What is asked before a fit call is booked, in this order; `booking.words` says it."""

    BETTER = "better"
    WHY_NOW = "why_now"
    TRIED = "tried"
    WORTH = "worth"


@dataclass(frozen=True, slots=True)
class FitCall:
    """One that somebody has booked, whatever became of it."""

    public_id: str
    mentor_id: int
    state: BookingStatus
    starts_at: datetime
    held_until: datetime | None

    def counts(self, now: datetime) -> bool:
        """Not when it lapsed or was cancelled; a hold counts until it is over."""
        if self.state is BookingStatus.HELD and self.held_until is not None:
            return now < self.held_until
        return self.state in STANDING | MET

    def is_ahead(self, now: datetime) -> bool:
        return self.state in STANDING and self.counts(now) and now < self.starts_at


def had_with(calls: Iterable[FitCall], mentor_id: int, now: datetime) -> FitCall | None:
    """The one that this mentee has, or had, with this mentor."""
    return next((call for call in calls if call.mentor_id == mentor_id and call.counts(now)), None)


def ahead(calls: Iterable[FitCall], now: datetime) -> list[FitCall]:
    """The next one first."""
    return sorted((call for call in calls if call.is_ahead(now)), key=lambda call: call.starts_at)
