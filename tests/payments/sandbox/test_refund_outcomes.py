"""Refunds that wait, succeed later, fail at once, or are sent back by the bank; and what the books say of each."""

import pytest
import stripe


@pytest.fixture
def refund_of(client, make_paid, control):
    def make(plan=None, amount=4025):
        if plan:
            control.post("/_sandbox/refunds/next", outcome=plan)
        return client.v1.refunds.create({"payment_intent": make_paid().payment_intent, "amount": amount})

    return make


def settle(control, refund, outcome, **more):
    control.post(f"/_sandbox/refunds/{refund.id}/settle", outcome=outcome, **more)


def booked(client):
    """Type and sum of everything booked but the payment itself, the oldest first."""
    every = reversed(client.v1.balance_transactions.list({"limit": 100}).data)
    return [(each.type, each.amount) for each in every if each.type != "charge"]


def told(client):
    every = reversed(client.v1.events.list({"limit": 100}).data)
    return [event.type for event in every if "refund" in event.type]


@pytest.mark.parametrize(
    ("plan", "reason", "at_first"),
    [
        pytest.param("pending", "processing", [("refund", -4025)], id="the bank is at work: the money has left"),
        pytest.param("insufficient_funds", "insufficient_funds", [], id="no funds: the money has not left"),
    ],
)
def test_a_pending_refund_succeeds_later_and_is_booked_once(client, refund_of, control, plan, reason, at_first):
    refund = refund_of(plan)
    before = booked(client)

    settle(control, refund, "succeed")

    after = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.pending_reason, before) == ("pending", reason, at_first)
    assert (after.status, hasattr(after, "pending_reason")) == ("succeeded", False)
    assert booked(client) == [("refund", -4025)]
    assert told(client) == ["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"]


@pytest.mark.parametrize(
    ("plan", "books"),
    [
        pytest.param("pending", [("refund", -4025), ("refund_failure", 4025)], id="what had left comes back"),
        pytest.param("insufficient_funds", [], id="nothing had left"),
        pytest.param(None, [("refund", -4025), ("refund_failure", 4025)], id="sent back after it had succeeded"),
    ],
)
def test_a_refund_fails_later_and_the_money_is_back_on_the_balance(client, refund_of, control, clock, plan, books):
    refund = refund_of(plan)
    clock.move(days=4)

    settle(control, refund, "fail", reason="lost_or_stolen_card")

    after = client.v1.refunds.retrieve(refund.id, {"expand": ["charge"]})
    assert (after.status, after.failure_reason) == ("failed", "lost_or_stolen_card")
    assert hasattr(after, "failure_balance_transaction") == bool(books)
    assert (after.charge.amount_refunded, after.charge.refunded) == (0, False)
    assert booked(client) == books
    assert told(client)[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    assert client.v1.balance.retrieve().available[0].amount == 8050 - 146


def test_a_refund_that_fails_at_once_is_never_booked_and_can_be_asked_for_again(client, refund_of):
    refund = refund_of("failed", 8050)

    again = client.v1.refunds.create({"payment_intent": refund.payment_intent})

    assert (refund.status, refund.failure_reason) == ("failed", "expired_or_canceled_card")
    assert (again.status, again.amount) == ("succeeded", 8050)
    assert booked(client) == [("refund", -8050)]
    assert told(client)[:4] == ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"]


def test_a_pending_refund_counts_against_what_is_left(client, refund_of):
    refund = refund_of("insufficient_funds", 8000)

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create({"payment_intent": refund.payment_intent, "amount": 51})


def test_a_plan_is_used_up_by_as_many_refunds_as_it_is_for(client, make_paid, control):
    control.post("/_sandbox/refunds/next", outcome="pending", times=2)
    control.post("/_sandbox/refunds/next", outcome="failed")
    intent = make_paid().payment_intent

    made = [client.v1.refunds.create({"payment_intent": intent, "amount": 50}).status for _ in range(4)]

    assert made == ["pending", "pending", "failed", "succeeded"]


def test_a_refund_that_stripe_refuses_does_not_use_up_the_plan(client, make_paid, control):
    control.post("/_sandbox/refunds/next", outcome="pending")
    intent = make_paid().payment_intent
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent, "amount": 9000})

    assert client.v1.refunds.create({"payment_intent": intent}).status == "pending"


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [("fail", "fail", "has failed already"), ("fail", "succeed", "not pending"), (None, "succeed", "not pending")],
)
def test_what_is_over_stays_as_it_is(client, refund_of, control, first, second, wrong):
    refund = refund_of()
    if first:
        settle(control, refund, first)
    before = client.v1.refunds.retrieve(refund.id).to_dict()

    with pytest.raises(AssertionError, match=wrong):
        settle(control, refund, second)

    assert client.v1.refunds.retrieve(refund.id).to_dict() == before
