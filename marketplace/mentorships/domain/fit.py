"""Whether two people fit: when each of them is asked, what a drop is, and what of it anybody else learns. Pure.

Nobody reads another person's answers. What becomes known is a share of many, rounded, of months that are over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

LEAST, MOST = 0, 4
"""Not at all, and fully."""
STILL_FITS = 2
"""Whoever says less of the person says that the two do not fit."""
ASKED_FOR = timedelta(days=14)
"""So long after the session the question stands on the mentorship's page."""
LETTER_AFTER = timedelta(minutes=30)
ENOUGH = 10
"""Of fewer people nothing is told."""
STEP = 5
"""People and per cent are told in steps of it."""
_FIRST, _SECOND, _EVERY = 1, 3, 4


class Item(StrEnum):
    """What is asked, in this order."""

    HEARD = "heard"
    GOAL = "goal"
    WAY = "way"
    PERSON = "person"


Answers = Mapping[Item, int]


def is_due(number: int) -> bool:
    """After a pair's first and third session, then after every fourth: 1, 3, 7, 11, …"""
    return number == _FIRST or (number >= _SECOND and (number - _SECOND) % _EVERY == 0)


def last_due(sessions: int) -> int | None:
    """The number of the last session after which they are asked, of so many that took place."""
    return next((number for number in range(sessions, 0, -1) if is_due(number)), None)


def dropped(before: Answers, now: Answers) -> list[Item]:
    """What was at the top and is not any more: that tells more than a low beginning does."""
    return [item for item in Item if before[item] == MOST and now[item] < MOST]


def fits(answers: Answers) -> bool:
    return answers[Item.PERSON] >= STILL_FITS


class Place(StrEnum):
    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Band:
    """How many of a hundred pairs are expected not to fit, both limits included."""

    low: int
    high: int

    def place(self, counted: Counted) -> Place | None:
        """None of too few people."""
        if counted.people < ENOUGH:
            return None
        share = 100 * counted.misfits
        if share < self.low * counted.people:
            return Place.BELOW
        return Place.WITHIN if share <= self.high * counted.people else Place.ABOVE


@dataclass(frozen=True, slots=True)
class Counted:
    """Of so many people so many said that it does not fit."""

    people: int
    misfits: int

    @property
    def people_told(self) -> int:
        """In full steps, downwards."""
        return self.people // STEP * STEP

    @property
    def percent_told(self) -> int:
        """The nearest step; the upper one from the middle on."""
        return (200 * self.misfits // self.people + STEP) // (2 * STEP) * STEP

    @property
    def is_enough(self) -> bool:
        return self.people >= ENOUGH


def month_of(at: datetime) -> datetime:
    """When the month began in which it lies, in UTC. What was said before is of months that are closed."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
