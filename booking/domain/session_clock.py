"""How far a session is, in whole minutes: nobody talks better under seconds that run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

MINUTE = timedelta(minutes=1)


class Phase(StrEnum):
    SOON = "soon"
    ON = "on"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SessionClock:
    """`minutes` are left until it begins or ends, one that has begun counted whole; `gone` of `length` are behind."""

    AROUND: ClassVar[int] = 30
    """So many minutes before its start and after its end it is shown."""
    LATE: ClassVar[int] = 10
    """With so many left it is time to come to what will be done."""

    phase: Phase
    minutes: int
    gone: int
    length: int
    is_shown: bool
    is_late: bool


def session_clock(starts_at: datetime, ends_at: datetime, now: datetime) -> SessionClock:
    """`static/officehours.js` counts in the same way while a page is open."""
    phase = Phase.SOON if now < starts_at else Phase.ON if now < ends_at else Phase.OVER
    minutes = max(0, _begun(now, starts_at if phase is Phase.SOON else ends_at))
    length, around = _begun(starts_at, ends_at), SessionClock.AROUND * MINUTE
    return SessionClock(
        phase,
        minutes,
        gone=0 if phase is Phase.SOON else length - minutes,
        length=length,
        is_shown=starts_at - around <= now < ends_at + around,
        is_late=phase is Phase.ON and ends_at - now <= SessionClock.LATE * MINUTE,
    )


def _begun(start: datetime, end: datetime) -> int:
    """Minutes from one to the other, rounded up."""
    return -((start - end) // MINUTE)
