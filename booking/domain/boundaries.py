"""What protects a mentor's evenings: the site's envelope and the mentor's own boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from booking.domain.recurrence import DAY_MINUTES
from marketplace.core.sentences import Sentence, sentence

_MINUTE = timedelta(minutes=1)
LEAST_NOTICE = timedelta(minutes=60)
LONGEST_HORIZON = timedelta(days=400)
BEYOND_EVERY_HORIZON = LONGEST_HORIZON + timedelta(days=1)
LONGEST_STEP = LONGEST_BUFFER = timedelta(hours=4)
MOST_A_DAY, MOST_A_WEEK = 50, 350


@dataclass(frozen=True, slots=True)
class Envelope:
    """The hours outside which nobody is booked, in each mentor's own zone: ISO weekdays and minutes of the day."""

    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    opens: int = 480
    closes: int = 1080

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(1, 8)):
            raise ValueError("Bookable days must be one or more of Monday (1) to Sunday (7).")
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError("Bookable hours must open before they close, between 00:00 and 24:00.")

    def narrowed(
        self, weekdays: Iterable[int] | None = None, opens: int | None = None, closes: int | None = None
    ) -> Envelope:
        """What this envelope and the given limits have in common, so never wider; ValueError if that is nothing."""
        days = self.weekdays if weekdays is None else self.weekdays & frozenset(weekdays)
        start = self.opens if opens is None else max(self.opens, opens)
        end = self.closes if closes is None else min(self.closes, closes)
        if not days or start >= end:
            raise ValueError("These limits leave no bookable time within the site's days and hours.")
        return Envelope(days, start, end)

    def within(self, other: Envelope) -> bool:
        """True if this envelope allows nothing that `other` does not."""
        return self.weekdays <= other.weekdays and other.opens <= self.opens and self.closes <= other.closes


@dataclass(frozen=True, slots=True)
class Boundaries:
    """A mentor's limits. Days and Monday-to-Sunday weeks are the mentor's local ones; buffers count for no cap."""

    notice: timedelta = timedelta(hours=24)
    horizon: timedelta = timedelta(days=60)
    step: timedelta = timedelta(minutes=15)
    buffer_before: timedelta = timedelta(minutes=10)
    buffer_after: timedelta = timedelta(minutes=10)
    sessions_a_day: int = 5
    sessions_a_week: int = 20
    minutes_a_day: int = 300

    def __post_init__(self) -> None:
        if faults := {name: words for name, words, wrong in _checks(self) if wrong}:
            raise BoundariesBroken(faults)


class BoundariesBroken(ValueError):
    """`faults` say by field what is wrong, in words for the mentor."""

    def __init__(self, faults: Mapping[str, Sentence]) -> None:
        super().__init__(" ".join(str(words) for words in faults.values()))
        self.faults = faults


def _checks(limits: Boundaries) -> Iterator[tuple[str, Sentence, bool]]:
    notice, horizon, step, minutes_a_day = limits.notice, limits.horizon, limits.step, limits.minutes_a_day
    yield "notice", sentence("Notice must be at least 60 minutes."), notice < LEAST_NOTICE
    yield "horizon", sentence("Bookings must open further ahead than the notice."), horizon <= notice
    yield "horizon", sentence("Bookings open 400 days ahead at most."), horizon > LONGEST_HORIZON
    yield "step", sentence("Start times must be at least a minute apart."), step < _MINUTE
    yield "step", sentence("Start times must be whole minutes apart."), _ragged(step)
    yield "step", sentence("Start times must be at most 4 hours apart."), step > LONGEST_STEP
    for name, buffer in (("buffer_before", limits.buffer_before), ("buffer_after", limits.buffer_after)):
        yield name, sentence("A buffer cannot be negative."), buffer < timedelta(0)
        yield name, sentence("A buffer must be whole minutes."), _ragged(buffer)
        yield name, sentence("A buffer can be at most 4 hours."), buffer > LONGEST_BUFFER
    yield "sessions_a_day", sentence("Allow at least one session a day."), limits.sessions_a_day < 1
    yield "sessions_a_day", sentence("Allow at most 50 sessions a day."), limits.sessions_a_day > MOST_A_DAY
    yield "sessions_a_week", sentence("Allow at least one session a week."), limits.sessions_a_week < 1
    yield "sessions_a_week", sentence("Allow at most 350 sessions a week."), limits.sessions_a_week > MOST_A_WEEK
    yield "minutes_a_day", sentence("Allow between 1 and 1440 minutes a day."), not 1 <= minutes_a_day <= DAY_MINUTES


def _ragged(span: timedelta) -> bool:
    return span % _MINUTE != timedelta(0)
