"""How the letter about a busy calendar that does not answer is worded, from its row as it then is."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.mails.bookings import letter
from booking.models.busy import BusyCalendar
from booking.queries.calendars import site_of
from booking.services.notify import BUSY_SILENT, reach_owner_at
from booking.words.busy import trouble_words
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.http import settings
from marketplace.core.mail import Letter, MailRow


@mail.writes(BUSY_SILENT)
def busy_silent(session: Session, row: MailRow) -> Letter | None:
    """None once it has answered, or is gone. The calendar is named as its owner's page names it, never by its
    address."""
    calendar = session.get(BusyCalendar, int(row.key))
    if calendar is None or calendar.told_at is None or calendar.outages != row.sequence:
        return None
    reader, site = session.get_one(User, row.user_id), site_of(settings())
    words = {
        "calendar": calendar.title,
        "reason": trouble_words(calendar),
        "since": formats.local(calendar.silent_since, reader.zone),
        "was_read": calendar.answered_at is not None,
        "page": f"{site.public_url}/calendar/busy",
        "reader": reader,
        "site": site,
    }
    return letter("busy_silent", reader, _("%(calendar)s does not answer", calendar=calendar.title), words)


@mail.times(BUSY_SILENT)
def busy_silent_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reach_owner_at(session, row.user_id, now=now)
