"""What closing an account asks of the features above it: whether it may be closed, and what of it goes.

Accounts know nothing of sessions, money and mentors; each feature registers what it knows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.core.sentences import Sentence

Guard = Callable[[Session, int, datetime], list[Sentence]]
"""Why this person's account cannot be closed yet, as sentences for them."""
Farewell = Callable[[Session, int, datetime], None]
GUARDS: list[Guard] = []
FAREWELLS: list[Farewell] = []


def keeps_open(guard: Guard) -> Guard:
    """Register a guard. It is asked under the person's lock, and when the page is shown."""
    GUARDS.append(guard)
    return guard


def goes_with_it(farewell: Farewell) -> Farewell:
    """Register what is done when an account is closed, in the same transaction: shown no more, known no more."""
    FAREWELLS.append(farewell)
    return farewell
