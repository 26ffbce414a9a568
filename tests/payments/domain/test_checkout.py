"""What a Checkout Session's state means for ours: every combination, and terminal states never go back."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from booking.domain.states import BookingStatus
from payments.domain.checkout import CheckoutState, Ours, Step, next_step
from payments.domain.states import PaymentStatus, PurchaseStatus

PAID = CheckoutState(
    id="cs_test_1",
    status="complete",
    payment_status="paid",
    amount_total=8050,
    amount_discount=0,
    amount_tax=0,
    currency="EUR",
    expires_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
)
OPEN = replace(PAID, status="open", payment_status="unpaid")
EXPIRED = replace(PAID, status="expired", payment_status="unpaid")
SLOW = replace(PAID, payment_status="unpaid", payment_intent_status="processing")
FAILED = replace(PAID, payment_status="unpaid", payment_intent_status="requires_payment_method")
FREE = replace(PAID, payment_status="no_payment_required", amount_total=0, amount_discount=8050)
HELD = Ours(PaymentStatus.OPEN, PurchaseStatus.UNPAID, BookingStatus.HELD, 8050, "EUR")
LAPSED = Ours(PaymentStatus.EXPIRED, PurchaseStatus.LAPSED, BookingStatus.EXPIRED, 8050, "EUR")


@pytest.mark.parametrize(
    ("theirs", "ours", "step"),
    [
        pytest.param(PAID, HELD, Step.CONFIRM, id="paid while held"),
        pytest.param(FREE, HELD, Step.CONFIRM, id="nothing to pay after a discount"),
        pytest.param(
            PAID, replace(HELD, payment=PaymentStatus.UNSENT), Step.CONFIRM, id="paid before its id was stored"
        ),
        pytest.param(PAID, LAPSED, Step.REVIVE, id="paid too late"),
        pytest.param(
            PAID, replace(LAPSED, booking=BookingStatus.RELEASED), Step.REVIVE, id="paid after giving it back"
        ),
        pytest.param(
            PAID,
            replace(HELD, purchase=PurchaseStatus.SOLD, booking=BookingStatus.CONFIRMED),
            Step.REFUND_SECOND,
            id="a second payment",
        ),
        pytest.param(replace(PAID, amount_total=1), HELD, Step.REFUND_WRONG_SUM, id="a wrong sum"),
        pytest.param(replace(PAID, currency="USD"), HELD, Step.REFUND_WRONG_SUM, id="a wrong currency"),
        pytest.param(
            replace(PAID, amount_total=9660, amount_tax=1610), HELD, Step.CONFIRM, id="tax on top is not a wrong sum"
        ),
        pytest.param(SLOW, HELD, Step.AWAIT, id="complete but unpaid waits"),
        pytest.param(FAILED, HELD, Step.LAPSE, id="a slow method that failed"),
        pytest.param(EXPIRED, HELD, Step.LAPSE, id="expired"),
        pytest.param(OPEN, HELD, Step.NOTHING, id="still open"),
        pytest.param(OPEN, replace(HELD, payment=PaymentStatus.UNSENT), Step.NOTE_OPEN, id="just made"),
    ],
)
def test_next_step(theirs: CheckoutState, ours: Ours, step: Step) -> None:
    assert next_step(theirs, ours) is step


@pytest.mark.parametrize("theirs", [PAID, OPEN, EXPIRED, SLOW, FAILED, FREE])
def test_a_paid_payment_stays_paid(theirs: CheckoutState) -> None:
    for purchase, booking in product(PurchaseStatus, BookingStatus):
        ours = replace(HELD, payment=PaymentStatus.PAID, purchase=purchase, booking=booking)

        assert next_step(theirs, ours) is Step.NOTHING


@pytest.mark.parametrize("theirs", [OPEN, EXPIRED, SLOW, FAILED])
@pytest.mark.parametrize("payment", [PaymentStatus.EXPIRED, PaymentStatus.FAILED])
def test_only_money_brings_back_what_is_over(theirs: CheckoutState, payment: PaymentStatus) -> None:
    assert next_step(theirs, replace(LAPSED, payment=payment)) is Step.NOTHING


def test_every_payment_leads_to_a_session_or_to_a_refund() -> None:
    bought = {Step.CONFIRM, Step.REVIVE}
    returned = {Step.REFUND_SECOND, Step.REFUND_WRONG_SUM}
    unpaid = [status for status in PaymentStatus if status is not PaymentStatus.PAID]

    steps = [
        next_step(PAID, Ours(payment, purchase, booking, gross, "EUR"))
        for payment, purchase, booking, gross in product(unpaid, PurchaseStatus, BookingStatus, (8050, 100))
    ]

    assert len(steps) == 5 * 3 * 12 * 2
    assert set(steps) <= bought | returned
