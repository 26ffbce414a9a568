"""Bookings as iCalendar (RFC 5545), the same bytes for the same values.

Instants are in UTC and there is no VTIMEZONE: the zones that icalendar writes are an hour off in some readers, and a
wall-clock time in a repeated hour cannot be said with a zone at all. People read their local times in the description.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _
from icalendar import Calendar, Event, vDatetime, vInt, vText, vUri

from booking.domain.calendar import Appointment, Person, Scope, Site, busy_uid
from booking.domain.outcomes import Side
from marketplace.core import formats

PRODUCT = "-//Office Hours//Calendar//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
SUMMARY = _("%(title)s with %(name)s")
CANCELLED = _("Cancelled: %(session)s")
PAGE = _("The session’s page: %(address)s")
JOIN = _("Join: %(address)s")
JOIN_LABEL = _("Join")
BUSY = _("Busy")
OWN_SESSIONS = {
    Scope.BOTH: _("%(site)s: all my sessions"),
    Scope.MENTEE: _("%(site)s: my sessions"),
    Scope.MENTOR: _("%(site)s: sessions I give"),
    Scope.BUSY: _("%(site)s: when I am busy"),
    Scope.FREE_BUSY: _("%(site)s: when I am busy"),
    Scope.HOURS: _("%(site)s: when I can be booked"),
}
# The same in every event, and so made once: a value of icalendar costs as much to make as to write.
_TAKES_TIME = {
    "STATUS": vText("CONFIRMED"),
    "TRANSP": vText("OPAQUE"),
    "X-MICROSOFT-CDO-BUSYSTATUS": vText("BUSY"),
}
_TAKES_NONE = {
    "STATUS": vText("CANCELLED"),
    "TRANSP": vText("TRANSPARENT"),
    "X-MICROSOFT-CDO-BUSYSTATUS": vText("FREE"),
}
# What some readers take for the end of a line although iCalendar does not.
_SEPARATORS = {"Zl", "Zp"}


def wording() -> list[str]:
    """Every sentence of a calendar, in the language being spoken: the owner's, a letter's reader's, a visitor's."""
    return [str(each) for each in (SUMMARY, CANCELLED, PAGE, JOIN, JOIN_LABEL, BUSY, *OWN_SESSIONS.values())]


def new_calendar() -> Calendar:
    """Not `Calendar.new()`, which makes up a UID each time."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def written(calendar: Calendar) -> bytes:
    """CRLF line ends, folded at 75 octets, properties in one fixed order."""
    lines: bytes = calendar.to_ical()
    return lines


def event(appointment: Appointment, *, side: Side, site: Site, with_join_link: bool) -> Event:
    """A session as the person on that side sees it; a cancelled one as a tombstone that says as little as it can."""
    made = _begun(appointment, appointment.uid)
    made["URL"] = vUri(address(site.session_page(appointment.public_id)))
    summary = SUMMARY % {"title": appointment.title, "name": appointment.other(side).name}
    if appointment.cancelled:
        _bury(made, summary)
    else:
        _fill(made, summary, appointment, site, address(appointment.meeting_url) if with_join_link else "")
    return made


def busy(appointment: Appointment) -> Event:
    """That its owner has no time then, and nothing else: no name, no link, and a UID that is in no other calendar."""
    made = _begun(appointment, busy_uid(appointment.uid))
    made["SUMMARY"] = vText(line_of(str(BUSY)))
    made["CLASS"] = vText("PRIVATE")
    made.update(_TAKES_TIME)
    return made


def described(appointment: Appointment, site: Site, join_link: str) -> str:
    """Both local times, since some readers show UTC only; the session's page; the way in if it is to be told."""
    lines = [
        local_time(appointment, appointment.mentee),
        local_time(appointment, appointment.mentor),
        "",
        PAGE % {"address": site.session_page(appointment.public_id)},
    ]
    if join_link:
        lines.append(JOIN % {"address": join_link})
    return "\n".join(line_of(line) for line in lines)


def local_time(appointment: Appointment, person: Person) -> str:
    """`Ada Example: Tue 8 Dec, 10:00–11:00 (Europe/Stockholm)`."""
    span = formats.local_span(appointment.starts_at, appointment.ends_at, person.zone)
    return f"{person.name}: {span} ({person.zone})"


def line_of(text: str) -> str:
    """Without control characters, in one line: icalendar writes them raw, and some readers end lines at them."""
    if text.isprintable():  # nearly always, and a calendar has thousands of lines
        return " ".join(text.split())
    return " ".join("".join(character if _is_text(character) else " " for character in text).split())


def address(url: str) -> str:
    """Without white space and control characters, which no URL has."""
    return line_of(url).replace(" ", "")


def in_utc(at: datetime) -> datetime:
    """Whole seconds, rounded down, which is all that iCalendar knows."""
    return at.astimezone(UTC).replace(microsecond=0)


def _begun(appointment: Appointment, uid: str) -> Event:
    made = Event()
    # Typed here: `Event.add` finds out the type of each value, which takes a third of the time of a whole calendar.
    made["UID"] = vText(uid)
    made["SEQUENCE"] = vInt(appointment.sequence)
    made["DTSTAMP"] = made["LAST-MODIFIED"] = vDatetime(in_utc(appointment.changed_at))
    made["CREATED"] = vDatetime(in_utc(appointment.created_at))
    made["DTSTART"] = vDatetime(in_utc(appointment.starts_at))
    made["DTEND"] = vDatetime(in_utc(appointment.ends_at))
    return made


def _bury(made: Event, summary: str) -> None:
    # Outlook and calcurse know no STATUS, so the summary says it too.
    made["SUMMARY"] = vText(line_of(CANCELLED % {"session": summary}))
    made.update(_TAKES_NONE)


def _fill(made: Event, summary: str, appointment: Appointment, site: Site, join_link: str) -> None:
    made["SUMMARY"] = vText(line_of(summary))
    made["DESCRIPTION"] = vText(described(appointment, site, join_link))
    made.update(_TAKES_TIME)
    if join_link:
        made["LOCATION"] = vText(join_link)
        made.add(
            "CONFERENCE", vUri(join_link), parameters={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": str(JOIN_LABEL)}
        )


def _is_text(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in _SEPARATORS
