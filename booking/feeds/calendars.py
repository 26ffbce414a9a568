"""A subscribed calendar: its version, which one read knows, and its bytes, a pure function of rows and epoch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from icalendar import Calendar, Event

from booking import ics
from booking.availability import bookable_hours, busy_times
from booking.domain.calendar import Appointment, Scope, Site, Subscription, shown
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from marketplace.core.language import speaking

FORMAT_VERSION = 4
"""Raised with every change of what this module or `ics` writes, so that no subscriber keeps the old form."""
REFRESH, REFRESH_AS_TEXT = timedelta(hours=1), "PT1H"


@dataclass(frozen=True, slots=True)
class Version:
    """`etag` without its quotes, a strong one; `last_modified` in whole seconds."""

    etag: str
    last_modified: datetime


def version_of(subscription: Subscription, *, epoch: datetime, site: Site, besides: object = None) -> Version:
    """Changes whenever the bytes may, and is known before any booking is read. They may depend on `besides` too."""
    parts = (
        FORMAT_VERSION,
        subscription.language,
        _wording_in(subscription.language),
        subscription.revision,
        epoch.isoformat(),
        subscription.scope,
        subscription.with_join_link,
        subscription.with_cancelled,
        subscription.owner,
        site,
        besides,
    )
    last_modified = ics.in_utc(max(subscription.changed_at, epoch))
    return Version(sha256(repr(parts).encode()).hexdigest()[:40], last_modified)


@cache
def _wording_in(language: str) -> str:
    """Once: catalogues stay as they are while a process lives, and looking them up took longest of all in a 304."""
    with speaking(language):
        return repr(ics.wording())


def body(subscription: Subscription, appointments: Iterable[Appointment], *, epoch: datetime, site: Site) -> bytes:
    """Without METHOD, which would want an ORGANIZER in every event. Names no e-mail address: calendars get shared."""
    with speaking(subscription.language):
        return _written(subscription, shown(appointments, epoch), site)


def free_busy_body(
    subscription: Subscription, appointments: Iterable[Appointment], within: Interval, *, epoch: datetime, site: Site
) -> bytes:
    """When its owner has a session, and nothing else."""
    with speaking(subscription.language):
        calendar = _named(subscription.scope, site)
    busy = [Interval(each.starts_at, each.ends_at) for each in appointments if not each.cancelled]
    busy_times(calendar, busy, within, stamp=max(subscription.changed_at, epoch))
    return ics.written(calendar)


def hours_body(
    subscription: Subscription, schedule: Schedule, within: Interval, *, epoch: datetime, site: Site
) -> bytes:
    """In which hours its owner can be booked."""
    with speaking(subscription.language):
        calendar = _named(subscription.scope, site)
    bookable_hours(calendar, schedule, within, stamp=epoch)
    return ics.written(calendar)


def _named(scope: Scope, site: Site) -> Calendar:
    calendar = ics.new_calendar()
    name = ics.line_of(title(scope, site))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", REFRESH_AS_TEXT)
    return calendar


def _written(subscription: Subscription, appointments: list[Appointment], site: Site) -> bytes:
    calendar = _named(subscription.scope, site)
    for appointment in appointments:
        if appointment.cancelled and not (subscription.with_cancelled and subscription.scope.names_people):
            continue
        calendar.add_component(_event(subscription, appointment, site))
    return ics.written(calendar)


def _event(subscription: Subscription, appointment: Appointment, site: Site) -> Event:
    if not subscription.scope.names_people:
        return ics.busy(appointment)
    side = appointment.side_of(subscription.user_id)
    return ics.event(appointment, side=side, site=site, with_join_link=subscription.with_join_link)


def title(scope: Scope, site: Site) -> str:
    return str(ics.OWN_SESSIONS[scope] % {"site": site.name})
