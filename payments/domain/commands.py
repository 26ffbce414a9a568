"""How to ask Stripe for something again without getting it twice. Pure.

Facts of Stripe (docs.stripe.com/api/idempotent_requests, read 2026-11): a key is kept for 24 hours at least; the first
answer is replayed with it, a 500 and most refusals too; what was refused as invalid, or met a conflict, is not kept.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from payments.domain.states import CommandStatus

KEY_IS_KNOWN_FOR = timedelta(hours=23)
"""An hour less than Stripe promises."""


class Approach(StrEnum):
    NOTHING = "nothing"
    """Answered, refused, or withdrawn: there is nothing left to ask."""
    SEND = "send"
    """With the present key, which Stripe has not seen or still knows."""
    LOOK_UP = "look_up"
    """The key says nothing any more: look whether what was asked for exists, and only then use a new one."""


def approach(status: CommandStatus, *, first_sent_at: datetime | None, spoilt: bool, now: datetime) -> Approach:
    if status is not CommandStatus.WAITING:
        return Approach.NOTHING
    if first_sent_at is None:
        return Approach.SEND
    if spoilt or now - first_sent_at > KEY_IS_KNOWN_FOR:
        return Approach.LOOK_UP
    return Approach.SEND


def next_key(business_key: str, keys_used: int) -> str:
    """The first key is the business key itself; later ones are numbered."""
    return f"{business_key}:{keys_used + 1}"
