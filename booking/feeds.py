"""A subscribed calendar: its version, which one read knows, and its bytes, a pure function of rows and epoch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Event

from booking import ics
from booking.domain.calendar import Appointment, Scope, Site, Subscription, shown
from marketplace.core.language import speaking

FORMAT_VERSION = 3
"""Raised with every change of what this module or `ics` writes, so that no subscriber keeps the old form."""
REFRESH, REFRESH_AS_TEXT = timedelta(hours=1), "PT1H"


@dataclass(frozen=True, slots=True)
class Version:
    """`etag` without its quotes, a strong one; `last_modified` in whole seconds."""

    etag: str
    last_modified: datetime


def version_of(subscription: Subscription, *, epoch: datetime, site: Site) -> Version:
    """Changes whenever the bytes may, and is known before any booking is read."""
    with speaking(subscription.language):
        wording = ics.wording()
    parts = (
        FORMAT_VERSION,
        subscription.language,
        wording,
        subscription.revision,
        epoch.isoformat(),
        subscription.scope,
        subscription.with_join_link,
        subscription.with_cancelled,
        subscription.owner,
        site,
    )
    last_modified = ics.in_utc(max(subscription.changed_at, epoch))
    return Version(sha256(repr(parts).encode()).hexdigest()[:40], last_modified)


def body(subscription: Subscription, appointments: Iterable[Appointment], *, epoch: datetime, site: Site) -> bytes:
    """Without METHOD, which would want an ORGANIZER in every event. Names no e-mail address: calendars get shared."""
    with speaking(subscription.language):
        return _written(subscription, shown(appointments, epoch), site)


def _written(subscription: Subscription, appointments: list[Appointment], site: Site) -> bytes:
    calendar = ics.new_calendar()
    name = ics.line_of(title(subscription.scope, site))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", REFRESH_AS_TEXT)
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
