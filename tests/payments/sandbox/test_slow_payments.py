"""A method that promises now and pays, or fails, days later."""

import pytest
import stripe

from tests.payments.sandbox.tools import of_amount

DEEP = ["payment_intent.latest_charge.balance_transaction"]


@pytest.fixture
def processing(client, make_session, control):
    made = make_session()
    assert control.pay(made.id, "slow") == "processing"
    return client.v1.checkout.sessions.retrieve(made.id, {"expand": DEEP})


def types(client):
    return [event.type for event in reversed(client.v1.events.list({"limit": 100}).data)]


def test_a_slow_method_completes_the_session_without_money(client, processing):
    intent, charge = processing.payment_intent, processing.payment_intent.latest_charge

    assert (processing.status, processing.payment_status, processing.url) == ("complete", "unpaid", None)
    assert (intent.status, intent.amount_received) == ("processing", 0)
    assert (charge.status, charge.paid, charge.balance_transaction) == ("pending", False, None)
    assert charge.payment_method_details.type == "sepa_debit"
    assert types(client) == ["payment_intent.processing", "charge.pending", "checkout.session.completed"]
    assert client.v1.balance_transactions.list().data == []


def test_the_money_comes_days_later(client, processing, control, clock):
    clock.move(days=5)

    control.post(f"/_sandbox/sessions/{processing.id}/settle", outcome="succeed")

    paid = client.v1.checkout.sessions.retrieve(processing.id, {"expand": DEEP})
    charge = paid.payment_intent.latest_charge
    assert (paid.status, paid.payment_status, paid.payment_intent.status) == ("complete", "paid", "succeeded")
    assert (charge.status, charge.paid, charge.balance_transaction.amount) == ("succeeded", True, 8050)
    assert charge.balance_transaction.created >= charge.created + 5 * 24 * 3600 - 5
    assert types(client)[3:] == [
        "payment_intent.succeeded",
        "charge.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_the_money_never_comes(client, processing, control):
    control.post(f"/_sandbox/sessions/{processing.id}/settle", outcome="fail")

    failed = client.v1.checkout.sessions.retrieve(processing.id, {"expand": DEEP})
    intent = failed.payment_intent
    assert (failed.status, failed.payment_status, intent.status) == ("complete", "unpaid", "requires_payment_method")
    assert intent.last_payment_error.code == "payment_intent_payment_attempt_failed"
    assert (intent.latest_charge.status, intent.latest_charge.paid) == ("failed", False)
    assert types(client)[3:] == [
        "payment_intent.payment_failed",
        "charge.failed",
        "checkout.session.async_payment_failed",
    ]
    assert client.v1.balance_transactions.list().data == []


@pytest.mark.parametrize("first", ["succeed", "fail"])
@pytest.mark.parametrize("second", ["succeed", "fail"])
def test_it_is_settled_once(client, processing, control, first, second):
    control.post(f"/_sandbox/sessions/{processing.id}/settle", outcome=first)
    before = types(client)

    with pytest.raises(AssertionError, match="is not processing"):
        control.post(f"/_sandbox/sessions/{processing.id}/settle", outcome=second)

    assert types(client) == before


def test_a_promise_is_neither_expired_nor_paid_again_nor_refunded(client, processing, control, clock):
    clock.move(hours=25)

    with pytest.raises(stripe.InvalidRequestError, match="complete"):
        client.v1.checkout.sessions.expire(processing.id)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": processing.payment_intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="pending"):
        client.v1.refunds.create({"charge": processing.payment_intent.latest_charge.id})

    assert control.pay(processing.id) == "not_open"
    assert client.v1.checkout.sessions.retrieve(processing.id).payment_status == "unpaid"


def test_a_card_payment_is_not_settled(client, make_paid, control):
    with pytest.raises(AssertionError, match="is not processing"):
        control.post(f"/_sandbox/sessions/{make_paid().id}/settle", outcome="fail")


def test_nothing_to_pay_is_not_slow(client, make_session, control):
    made = make_session(line_items=of_amount(0))

    assert control.pay(made.id, "slow") == "paid"
    assert client.v1.checkout.sessions.retrieve(made.id).payment_intent is None


def test_money_that_came_slowly_is_refunded_like_any_other(client, processing, control):
    control.post(f"/_sandbox/sessions/{processing.id}/settle", outcome="succeed")

    refund = client.v1.refunds.create({"payment_intent": processing.payment_intent.id})

    assert (refund.status, refund.amount) == ("succeeded", 8050)
