"""What is said of a busy calendar, on its owner's page and in the letter about it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from booking.domain.busy import Trouble
from booking.models.busy import BusyCalendar

TROUBLES = {
    Trouble.UNREACHABLE: lazy_gettext("it cannot be reached"),
    Trouble.REDIRECTS: lazy_gettext("it leads on and on to other addresses"),
    Trouble.SLOW: lazy_gettext("it takes too long to answer"),
    Trouble.LARGE: lazy_gettext("it is too large to be read"),
    Trouble.NO_CALENDAR: lazy_gettext("what it answers is no calendar"),
    Trouble.TOO_MUCH: lazy_gettext("there is too much in it to be read"),
    Trouble.SEALED: lazy_gettext("its address cannot be opened here any more, so please remove it and add it again"),
}


def trouble_words(calendar: BusyCalendar) -> str:
    """Fit for the middle of a sentence; empty while there is none."""
    if calendar.trouble is None:
        return ""
    if calendar.trouble == Trouble.STATUS:
        return _("it answers with the error %(status)s", status=calendar.status)
    return str(TROUBLES[Trouble(calendar.trouble)])
