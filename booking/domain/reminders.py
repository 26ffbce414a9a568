"""When a session's two people are reminded of it. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum


class Ahead(StrEnum):
    """How long before the session, in the order in which they come."""

    DAY = "day"
    HOUR = "hour"


BEFORE = {Ahead.DAY: timedelta(hours=24), Ahead.HOUR: timedelta(hours=1)}


def reminders(
    starts_at: datetime, *, now: datetime, reached_at: Callable[[datetime], datetime | None]
) -> dict[Ahead, datetime]:
    """`reached_at` says when somebody is reached who should be at that time, which may be earlier; None: not at all.

    Nothing is reminded of that is over by now, and nobody is reminded twice at the same time, as on a Friday evening
    of what begins on Monday at nine.
    """
    found: dict[Ahead, datetime] = {}
    for ahead, before in BEFORE.items():
        at = reached_at(starts_at - before)
        if at is not None and at > now and at not in found.values():
            found[ahead] = at
    return found
