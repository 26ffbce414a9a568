"""Which of Stripe's events the site needs, what becomes of one, and when it is tried again. Pure."""

from datetime import timedelta
from enum import StrEnum

NEEDED_EVENTS = (
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
)

FIRST_GAP = timedelta(seconds=30)
"""Also how long a new event waits for the job that came with it, before the sweep starts another."""
LONGEST_GAP = timedelta(hours=12)
KEEP_TRYING_FOR = timedelta(days=3)
"""As long as Stripe itself goes on sending an event that nobody takes."""


class EventStatus(StrEnum):
    NEW = "new"
    """Not acted on yet, or every try has failed so far."""
    DONE = "done"
    PARKED = "parked"
    """It names what we do not know, or all tries failed; without a next try it is left to a person."""


class EventSource(StrEnum):
    WEBHOOK = "webhook"
    POLL = "poll"


class Outcome(StrEnum):
    """What came of acting on an event."""

    DONE = "done"
    UNKNOWN = "unknown"
    """Its object is none of ours, or not yet."""


def gap_after(attempts: int) -> timedelta | None:
    """How long after the nth try (from 1) the next one comes; None when there have been tries for three days."""
    waited, gap = timedelta(0), FIRST_GAP
    for _ in range(attempts - 1):
        waited += gap
        gap = min(gap * 4, LONGEST_GAP)
    return gap if waited + gap <= KEEP_TRYING_FOR else None
