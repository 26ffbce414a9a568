"""Addresses that open one session in the form of a web calendar, filled in.

Both forms are undocumented by their owners but for the web (Google's `render?action=TEMPLATE`, Outlook's deep link
`compose`); both take instants in UTC (read 2026-11). They make a copy that does not move with the session: the page
says so, and offers the subscription beside it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What goes into the form; `where` and `details` are plain text."""

    title: str
    start: datetime
    end: datetime
    where: str
    details: str

    @property
    def google(self) -> str:
        dates = "/".join(f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (self.start, self.end))
        told = {"text": self.title, "dates": dates, "location": self.where, "details": self.details}
        return f"{GOOGLE}?{urlencode({'action': 'TEMPLATE', **told})}"

    @property
    def outlook(self) -> str:
        start, end = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (self.start, self.end))
        told = {"subject": self.title, "startdt": start, "enddt": end, "location": self.where, "body": self.details}
        return f"{OUTLOOK}?{urlencode({'path': '/calendar/action/compose', 'rru': 'addevent', **told})}"
