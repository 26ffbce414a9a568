"""Disputes, from what Stripe says of them: where one stands, what it keeps from happening, and who bears what. Pure.

A chargeback takes the money at once; an inquiry only asks. What a bank gives back to a mentee counts as given back to
them: nothing is paid twice. What a session has earned stays earned; what is missing then is the site's to bear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.core.money import Money
from payments.domain.exchanges import Moved


class DisputeStatus(StrEnum):
    """Stripe's own words."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"


S = DisputeStatus
INQUIRIES = frozenset({S.WARNING_NEEDS_RESPONSE, S.WARNING_UNDER_REVIEW})
CHARGEBACKS = frozenset({S.NEEDS_RESPONSE, S.UNDER_REVIEW})
"""A bank has the money, and nobody knows yet who gets it."""
OPEN = INQUIRIES | CHARGEBACKS
"""Nothing is transferred meanwhile."""
TO_ANSWER = frozenset({S.WARNING_NEEDS_RESPONSE, S.NEEDS_RESPONSE})
NO_REFUND = CHARGEBACKS
"""Nothing is refunded meanwhile. An inquiry is best answered by a refund, so it stops none."""


@dataclass(frozen=True, slots=True)
class DisputeState:
    """A dispute as Stripe says it is now. What it took from the balance, what it gave back, and its fee are what Stripe
    has booked for it, and `exchanged` what of that in another currency; `due_by` is when evidence has to be there."""

    id: str
    status: DisputeStatus
    reason: str
    payment_intent: str | None
    amount: Money
    taken: Money
    returned: Money
    fee: Money
    due_by: datetime | None
    submissions: int
    created_at: datetime
    exchanged: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class WarningState:
    """An early fraud warning; `actionable` until the charge was disputed or went back in full."""

    id: str
    payment_intent: str | None
    actionable: bool
    fraud_type: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a payment at Stripe, just now: what is left of it to give back, and its disputes."""

    left: Money
    disputes: tuple[DisputeState, ...]

    @property
    def is_charged_back(self) -> bool:
        return any(each.status in NO_REFUND for each in self.disputes)

    @property
    def is_disputed(self) -> bool:
        return any(each.status in OPEN for each in self.disputes)


def next_dispute_status(ours: DisputeStatus | None, theirs: DisputeStatus) -> DisputeStatus:
    """What is decided does not open again, with two exceptions that banks make: what they had only asked about they may
    take after all, and what was lost they may give back."""
    if ours is None or ours in OPEN:
        return ours if ours in CHARGEBACKS and theirs in INQUIRIES else theirs
    if ours is S.WARNING_CLOSED:
        return ours if theirs in INQUIRIES else theirs
    return theirs if (ours, theirs) == (S.LOST, S.WON) else ours


def lost(status: DisputeStatus, taken: Money, returned: Money) -> Money:
    """What the mentee's bank has given them, for good."""
    return taken - returned if status is S.LOST else Money(0, taken.currency)


def borne_by_site(overdrawn: Money) -> Money:
    """Of one payment: what was earned and what went back, over what came in. What a session has earned stays earned, so
    nobody but the site is left."""
    return max(overdrawn, Money(0, overdrawn.currency))
