"""Invitations by mail (iTIP, RFC 5546): one event for one recipient, under the same UID as in every calendar."""

from __future__ import annotations

from dataclasses import dataclass

from booking import ics
from booking.domain.calendar import Appointment, Site
from booking.domain.outcomes import Side


@dataclass(frozen=True, slots=True)
class Invited:
    """Who gets the invitation, and on which side of the session they sit."""

    name: str
    email: str
    side: Side


def request(appointment: Appointment, invited: Invited, *, sender: str, site: Site) -> bytes:
    """METHOD:REQUEST. `sender` is the bare address that we send from: clients compare it with the organiser's.

    The organiser is called by the mentor's name. No answer is asked for, as accepting happened by booking. The join
    link is in it, since nobody else gets this letter.
    """
    return _addressed("REQUEST", appointment, invited, sender, site)


def cancel(appointment: Appointment, invited: Invited, *, sender: str, site: Site) -> bytes:
    """METHOD:CANCEL, for an appointment that is cancelled: the same UID and organiser, and the SEQUENCE after the
    last, so that calendars take it out again (RFC 5546, 3.2.5)."""
    return _addressed("CANCEL", appointment, invited, sender, site)


def _addressed(method: str, appointment: Appointment, invited: Invited, sender: str, site: Site) -> bytes:
    calendar = ics.new_calendar()
    calendar.add("METHOD", method)
    event = ics.event(appointment, side=invited.side, site=site, with_join_link=True)
    event.add("ORGANIZER", f"mailto:{sender}", parameters={"CN": common_name(appointment.mentor.name)})
    event.add(
        "ATTENDEE",
        f"mailto:{invited.email}",
        parameters={
            "CN": common_name(invited.name),
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "REQ-PARTICIPANT",
            "PARTSTAT": "NEEDS-ACTION",
            "RSVP": "FALSE",
        },
    )
    calendar.add_component(event)
    return ics.written(calendar)


def download(appointment: Appointment, side: Side, *, site: Site) -> bytes:
    """One session to keep: no METHOD, so that a mail program that opens it does not take it for a letter."""
    calendar = ics.new_calendar()
    calendar.add_component(ics.event(appointment, side=side, site=site, with_join_link=True))
    return ics.written(calendar)


def common_name(name: str) -> str:
    """Without double quotes: a parameter's value cannot hold them, and few readers know the way round (RFC 6868)."""
    return ics.line_of(name).replace('"', "'").replace("^", "")
