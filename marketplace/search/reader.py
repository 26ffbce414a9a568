"""Who looks for a mentor: when, and where their clock stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain.recurrence import MinuteRange
from marketplace.search.domain.starts import MinutesSince1970, minutes_in
from marketplace.search.domain.working_day import WorkingDay, week_in_utc


@dataclass(frozen=True, slots=True)
class Reader:
    """`user_id` is None for a visitor."""

    user_id: int | None
    day: WorkingDay
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return self.day.zone

    def date_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def minutes_ahead(self, days: int) -> list[MinutesSince1970]:
        """The working day's, until so many days from now."""
        return minutes_in(self.day.between(self.now, days), self.now, self.now + timedelta(days=days))

    def week_in_utc(self) -> tuple[MinuteRange, ...]:
        return week_in_utc(self.day.weekly, self.day.zone, self.now)
