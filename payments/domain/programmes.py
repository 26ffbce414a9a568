"""When a pair is asked how their programme goes on. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

ASKED_AT_MOST = 2
"""Asked, and asked again with the money back offered; then they are left alone."""


def ask_at(last: datetime, cadence: timedelta, asked: int) -> datetime | None:
    """With sessions left to book: twice the cadence after the `last` one that was booked, and again after as long. None
    once they were asked often enough."""
    return None if asked >= ASKED_AT_MOST else last + 2 * cadence * (asked + 1)
