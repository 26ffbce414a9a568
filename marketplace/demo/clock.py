"""How far the demo's clock may be moved at one press, and how far it is off."""

from datetime import timedelta

from marketplace.core.clock import CLOCK
from marketplace.core.config import Settings
from marketplace.core.errors import RuleBroken
from marketplace.core.formats import counted

MOVES = {
    "10-minutes": ("+10 minutes", timedelta(minutes=10)),
    "40-minutes": ("+40 minutes", timedelta(minutes=40)),
    "1-day": ("+1 day", timedelta(days=1)),
    "1-week": ("+1 week", timedelta(weeks=1)),
}
"""By the word that the button sends: what it says, and how far it moves. 40 minutes are longer than a hold lives."""
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
    CLOCK.move_to(CLOCK.offset() + MOVES[wish][1])


def offset_words(offset: timedelta) -> str:
    """`8 days, 1 hour ahead of real time`; empty when it is not moved by a whole minute."""
    minutes = round(offset / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    parts = ((hours // 24, "day"), (hours % 24, "hour"), (rest, "minute"))
    told = ", ".join(counted(number, noun) for number, noun in parts if number)
    return f"{told} {'ahead of' if minutes > 0 else 'behind'} real time" if told else ""
