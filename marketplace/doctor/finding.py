"""What a check says: one line, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from marketplace.core.config import Settings


class Level(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    """The site works; somebody should look."""
    BROKEN = "broken"
    """A part that the site needs is missing, or a rule does not hold."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` is empty when there is nothing to do."""

    level: Level
    check: str
    says: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What the checks look at. They only read; who calls Stripe or the mail server ends the transaction first."""

    session: Session
    settings: Settings
    now: datetime


Check = Callable[[Patient], Finding]


def ok(check: str, says: str) -> Finding:
    return Finding(Level.OK, check, says)
