"""What the pages about hours show around their forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking import hours
from booking.domain.boundaries import Envelope
from booking.domain.recurrence import MinuteRange, WeeklyHours
from booking.domain.zones import Journey, Zones
from booking.forms.week import WeekForm
from booking.queries.hours import Away
from marketplace.core import formats
from marketplace.core.charts.hours import Axis
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """Whose hours these are, and what the site allows. `local_now` is the mentor's wall clock, without a zone."""

    mentor: Mentor
    zones: Zones
    envelope: Envelope
    local_now: datetime
    today: date

    @classmethod
    def of(cls, mentor: Mentor, zones: Zones, envelope: Envelope, now: datetime) -> Frame:
        return cls(mentor, zones, envelope, zones.clock(now), zones.day_of(now))

    @property
    def zone(self) -> ZoneInfo:
        """Where the mentor is today."""
        return self.zones.on(self.today)

    @property
    def journeys(self) -> list[Journey]:
        """The present one and those to come."""
        return [each for each in self.zones.journeys if each.last >= self.today]

    @property
    def is_locked(self) -> bool:
        """Whoever is suspended may look and change nothing."""
        return self.mentor.status == MentorStatus.SUSPENDED

    @property
    def sites_hours(self) -> str:
        """`Mon–Fri 08:00–18:00`."""
        allowed = dict.fromkeys(self.envelope.weekdays, ((self.envelope.opens, self.envelope.closes),))
        return hours.in_words(allowed)

    def beyond(self, weekly: WeeklyHours) -> str:
        """The hours that were written down before the site narrowed its own, in words; empty for none."""
        return hours.in_words(hours.beyond(weekly, self.envelope))

    def is_beyond(self, days: Iterable[date], ranges: tuple[MinuteRange, ...]) -> bool:
        """True if some of these hours of dates cannot be booked, since the site is closed then."""
        return bool(hours.beyond(dict.fromkeys((day.isoweekday() for day in days), ranges), self.envelope))


def axis_of(form: WeekForm, envelope: Envelope) -> Axis:
    """The site's hours, and more where the mentor has written more."""
    ranges = [each for day in form.days for each in (*day.ranges, *day.refused)]
    return Axis.around([*ranges, (envelope.opens, envelope.closes)])


def away_words(away: Away) -> tuple[str, str]:
    """When it begins and ends: `Tue 8 Dec 2026`, `Fri 11 Dec 2026, 12:00`; whole days without a time."""
    last = away.end - _MINUTE
    begins = formats.dated_day(away.start.date()) + ("" if _is_midnight(away.start) else f", {away.start:%H:%M}")
    if _is_midnight(away.end):
        return begins, formats.dated_day(last.date())
    return begins, f"{formats.dated_day(away.end.date())}, {away.end:%H:%M}"


def _is_midnight(wall: datetime) -> bool:
    return not (wall.hour or wall.minute)
