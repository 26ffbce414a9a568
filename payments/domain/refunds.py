"""A refund's state, from what Stripe says of it."""

from dataclasses import dataclass

from payments.domain.exchanges import Moved
from payments.domain.states import RefundStatus

ENDED = "ended"
"""Why it goes back: of a programme that has ended, for all of its sessions that were not used."""

BOOKED_FOR_REFUNDS = ("balance_transaction", "failure_balance_transaction")
"""Stripe's names for what it books when a refund leaves its balance, and when a bank has sent it back."""


@dataclass(frozen=True, slots=True)
class RefundState:
    """A refund as Stripe says it is now; `status` is Stripe's word. `exchanged` is what it has booked in another
    currency, as far as it was asked for that."""

    id: str
    status: str
    amount: int
    currency: str
    exchanged: tuple[Moved, ...] = ()


def next_refund_status(ours: RefundStatus, theirs: str) -> RefundStatus:
    """A refund that succeeded may still be sent back by the bank, so `failed` is the one state after `succeeded`."""
    if ours is RefundStatus.COVERED:
        return ours
    if theirs in {"failed", "canceled"}:
        return RefundStatus.FAILED
    if ours is RefundStatus.FAILED:
        return ours
    if theirs == "succeeded":
        return RefundStatus.SUCCEEDED
    return ours if ours is RefundStatus.SUCCEEDED else RefundStatus.SENT
