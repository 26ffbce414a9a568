"""What reconciling says, and how it tries: one row that cannot be healed stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.errors import DomainError
from payments.stripe_api.gateway import StripeBroke, StripeRefused
from payments.till import Till

_log = logging.getLogger(__name__)


NOT_EXCHANGED = "was exchanged at Stripe, and our books did not have that"


class Result(StrEnum):
    HEALED = "healed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """`thing` is named so that it can be found, here and at Stripe."""

    result: Result
    thing: str
    says: str

    def as_kept(self) -> dict[str, str]:
        return {"result": self.result.value, "thing": self.thing, "says": self.says}


def tried(till: Till, name: str, says: str, act: Callable[..., object], *arguments: object) -> Line:
    failure = failure_of(till, act, *arguments)
    return Line(Result.LEFT, name, f"{says}; {failure}") if failure else Line(Result.HEALED, name, says)


def _ask(till: Till, act: Callable[..., object], *arguments: object) -> None:
    """Stripe replays a stored 500 for its key; asked again, the outbox looks for what it wanted and takes a new key."""
    try:
        act(*arguments)
    except StripeBroke:
        till.session.rollback()
        act(*arguments)


def failure_of(till: Till, act: Callable[..., object], *arguments: object) -> str | None:
    """What went wrong, in a sentence. One row that cannot be healed stops no other."""
    try:
        _ask(till, act, *arguments)
    except (DomainError, StripeRefused) as refused:
        till.session.rollback()
        return str(refused)
    except Exception as bug:
        till.session.rollback()
        _log.exception("reconciling failed")
        return f"{type(bug).__name__}: {bug}"
    return None
