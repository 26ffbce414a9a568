"""How far the demo's clock may be moved at one press, and how far it is off."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.clock import CLOCK
from marketplace.core.config import Settings
from marketplace.core.errors import RuleBroken

MOVES = {
    "10-minutes": timedelta(minutes=10),
    "40-minutes": timedelta(minutes=40),
    "1-day": timedelta(days=1),
    "1-week": timedelta(weeks=1),
}
"""By the word that the button sends: how far it moves. 40 minutes are longer than a hold lives."""
REAL_TIME = "real-time"


def move(wish: str, settings: Settings) -> None:
    """Web, worker and the stand-in for Stripe read the same file. Raises RuleBroken."""
    if settings.clock_offset_file is None:
        raise RuleBroken("This clock cannot be moved: CLOCK_OFFSET_FILE is not set.")
    if wish == REAL_TIME:
        CLOCK.move_to(timedelta(0))
        return
    if wish not in MOVES:
        raise RuleBroken("The clock does not move that far.")
    CLOCK.move_to(CLOCK.offset() + MOVES[wish])


def offset_words(offset: timedelta) -> str:
    """`8 days, 1 hour ahead of real time`; empty when it is not moved by a whole minute."""
    minutes = round(offset / timedelta(minutes=1))
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    told = _parts(hours // 24, hours % 24, rest)
    if minutes > 0:
        return _("%(length)s ahead of real time", length=told)
    return _("%(length)s behind real time", length=told)


def move_words(by: timedelta) -> str:
    """`+10 minutes`, `+1 week`."""
    if by % timedelta(weeks=1):
        return f"+{_parts(by.days, by.seconds // 3600, by.seconds // 60 % 60)}"
    told = ngettext("%(num)s week", "%(num)s weeks", by // timedelta(weeks=1))
    return f"+{told}"


def _parts(days: int, hours: int, minutes: int) -> str:
    told = (
        (days, ngettext("%(num)s day", "%(num)s days", days)),
        (hours, ngettext("%(num)s hour", "%(num)s hours", hours)),
        (minutes, ngettext("%(num)s minute", "%(num)s minutes", minutes)),
    )
    return ", ".join(words for number, words in told if number)
