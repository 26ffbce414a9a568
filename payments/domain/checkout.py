"""What to do about a Checkout Session, from its present state at Stripe and ours. Pure: the service moves the rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.domain.states import LAPSED, PENDING, BookingStatus
from payments.domain.states import PaymentStatus, PurchaseStatus


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """A Checkout Session as Stripe says it is now. Sums are minor units; `payment` is our id in its metadata."""

    id: str
    status: str
    payment_status: str
    amount_total: int
    amount_discount: int
    amount_tax: int
    currency: str
    expires_at: datetime
    url: str | None = None
    payment_intent: str | None = None
    payment_intent_status: str | None = None
    payment: str | None = None

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status in {"paid", "no_payment_required"}

    @property
    def has_failed(self) -> bool:
        """A slow method that was promised and then did not pay."""
        unpaid = self.status == "complete" and self.payment_status == "unpaid"
        return unpaid and self.payment_intent_status in {"requires_payment_method", "canceled"}


class Step(StrEnum):
    NOTHING = "nothing"
    NOTE_OPEN = "note_open"
    AWAIT = "await"
    CONFIRM = "confirm"
    REVIVE = "revive"
    """Paid after the hold was over: give the slot back if it is still bookable, else REFUND_LATE."""
    REFUND_LATE = "late"
    REFUND_SECOND = "second"
    REFUND_WRONG_SUM = "wrong_sum"
    LAPSE = "lapse"


BOUGHT_NOTHING = (Step.REFUND_LATE, Step.REFUND_SECOND, Step.REFUND_WRONG_SUM)
"""Reasons of refunds whose payment is answered by them alone."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Our rows, read under the locks."""

    payment: PaymentStatus
    purchase: PurchaseStatus
    booking: BookingStatus
    gross_minor: int
    currency: str
    tax_included: bool = False


def next_step(theirs: CheckoutState, ours: Ours) -> Step:
    """Terminal states never go back: a paid payment stays paid, and a lapsed one changes only by a late payment."""
    if ours.payment is PaymentStatus.PAID:
        return Step.NOTHING
    if theirs.is_paid:
        return _paid(theirs, ours)
    if ours.payment in {PaymentStatus.EXPIRED, PaymentStatus.FAILED}:
        return Step.NOTHING
    if theirs.status == "expired" or theirs.has_failed:
        return Step.LAPSE
    if theirs.status == "complete":
        return Step.NOTHING if ours.payment is PaymentStatus.PROCESSING else Step.AWAIT
    return Step.NOTE_OPEN if ours.payment is PaymentStatus.UNSENT else Step.NOTHING


def _paid(theirs: CheckoutState, ours: Ours) -> Step:
    if ours.purchase is PurchaseStatus.SOLD:
        return Step.REFUND_SECOND
    due = ours.gross_minor - theirs.amount_discount + (0 if ours.tax_included else theirs.amount_tax)
    if (theirs.amount_total, theirs.currency) != (due, ours.currency):
        return Step.REFUND_WRONG_SUM
    if ours.booking in PENDING:
        return Step.CONFIRM
    return Step.REVIVE if ours.booking in LAPSED else Step.REFUND_SECOND
