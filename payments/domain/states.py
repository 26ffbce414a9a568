"""The states of money, and the only ways between them. Slot truth and money truth never share a column."""

from enum import StrEnum


class PurchaseStatus(StrEnum):
    UNPAID = "unpaid"
    SOLD = "sold"
    LAPSED = "lapsed"


class PaymentStatus(StrEnum):
    """One Checkout Session: not yet made, payable, waiting for a slow method, and how it ended."""

    UNSENT = "unsent"
    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"


PAYABLE = frozenset({PaymentStatus.UNSENT, PaymentStatus.OPEN, PaymentStatus.PROCESSING})


class RefundStatus(StrEnum):
    OWED = "owed"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    COVERED = "covered"
    """Not needed any more: a bank has given it to the mentee, in a dispute."""


class TransferStatus(StrEnum):
    """To go to a mentor, and gone: at Stripe a transfer is there or is not."""

    OWED = "owed"
    SENT = "sent"
    NETTED = "netted"
    """All of it was kept for what the mentor owed: nothing goes to Stripe."""
    BY_HAND = "by_hand"
    """Paid past Stripe."""


class ReversalStatus(StrEnum):
    """To be taken back at Stripe, taken back, or left there since Stripe refuses: then it is netted later."""

    OWED = "owed"
    MADE = "made"
    LEFT = "left"


class CommandStatus(StrEnum):
    """Something to ask of Stripe: not answered yet, answered, refused for good, or dropped before it was sent."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
