"""Holding a time for longer: in the last minutes of a hold, and only so often. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

AT_MOST = 2
LAST_MINUTES = timedelta(minutes=5)


class Extension(StrEnum):
    NOW = "now"
    LATER = "later"
    """In the last minutes."""
    NEVER = ""
    """The hold is over, or has been extended as often as is allowed."""


def extension(*, sessions_made: int, held_until: datetime, now: datetime) -> Extension:
    """`sessions_made` counts the Checkout Sessions of this purchase so far, the first one included."""
    if sessions_made > AT_MOST or held_until <= now:
        return Extension.NEVER
    return Extension.NOW if held_until - now <= LAST_MINUTES else Extension.LATER
