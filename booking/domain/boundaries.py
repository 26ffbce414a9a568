"""What protects a mentor's evenings: the site's envelope and the mentor's own boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from booking.domain.recurrence import DAY_MINUTES

_MINUTE = timedelta(minutes=1)
LEAST_NOTICE = timedelta(minutes=60)


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
        for words, wrong in self._checks():
            if wrong:
                raise ValueError(words)

    def _checks(self) -> Iterable[tuple[str, bool]]:
        yield "Notice must be at least 60 minutes.", self.notice < LEAST_NOTICE
        yield "Bookings must open further ahead than the notice.", self.horizon <= self.notice
        yield (
            "Start times must be at least a minute apart, in whole minutes.",
            self.step < _MINUTE or _ragged(self.step),
        )
        for buffer in (self.buffer_before, self.buffer_after):
            yield "A buffer cannot be negative and must be whole minutes.", buffer < timedelta(0) or _ragged(buffer)
        yield "Allow at least one session a day.", self.sessions_a_day < 1
        yield "Allow at least one session a week.", self.sessions_a_week < 1
        yield "Allow between 1 and 1440 minutes a day.", not 1 <= self.minutes_a_day <= DAY_MINUTES


def _ragged(span: timedelta) -> bool:
    return span % _MINUTE != timedelta(0)
