"""Disputes and early fraud warnings at the stand-in: what is booked, what is refused, what is told."""

import pytest
import stripe

from tests.payments.sandbox.test_shapes import complaints
from tests.payments.sandbox.test_transfers import available


@pytest.fixture
def intent(make_paid):
    """Of 80.50 euros."""
    return make_paid().payment_intent


@pytest.fixture
def dispute(client, control, intent):
    def opened(**wanted):
        made = control.post(f"/_sandbox/payments/{intent}/dispute", **wanted)["dispute"]
        return client.v1.disputes.retrieve(made["id"])

    return opened


def decide(control, dispute, decision):
    control.post(f"/_sandbox/disputes/{dispute.id}/decide", decision=decision)


def told(client, of):
    every = reversed(client.v1.events.list({"limit": 100}).data)
    return [event.type for event in every if event.type.startswith(of)]


def test_a_chargeback_takes_its_sum_and_a_fee_and_a_won_one_gives_the_sum_back(client, control, dispute):
    before = available(client)
    made = dispute()
    taken = available(client)

    decide(control, made, "won")

    after = client.v1.disputes.retrieve(made.id)
    assert (before - taken, before - available(client)) == (8050 + 2000, 2000)
    assert (made.amount, made.status, made.reason) == (8050, "needs_response", "fraudulent")
    assert [(each.type, each.amount, each.fee, each.reporting_category) for each in after.balance_transactions] == [
        ("adjustment", -8050, 2000, "dispute"),
        ("adjustment", 8050, 0, "dispute_reversal"),
    ]
    assert told(client, "charge.dispute") == [
        f"charge.dispute.{what}" for what in ("created", "funds_withdrawn", "closed", "funds_reinstated")
    ]


def test_a_lost_one_gives_nothing_back_unless_the_bank_thinks_again(client, control, dispute):
    before = available(client)
    made = dispute()

    decide(control, made, "lost")
    lost = available(client)
    decide(control, made, "won")

    assert (before - lost, before - available(client)) == (8050 + 2000, 2000)


def test_an_inquiry_moves_no_money_until_it_becomes_a_chargeback(client, control, dispute):
    before = available(client)
    made = dispute(kind="inquiry")
    asked = available(client)

    decide(control, made, "chargeback")

    assert (made.status, made.is_charge_refundable, asked) == ("warning_needs_response", True, before)
    assert before - available(client) == 8050 + 2000
    assert client.v1.disputes.retrieve(made.id).status == "needs_response"


def test_a_part_can_be_disputed_and_no_more_than_is_left(client, intent, dispute):
    client.v1.refunds.create({"payment_intent": intent, "amount": 8000})
    with pytest.raises(AssertionError, match="are left of the charge"):
        dispute(amount=51)

    assert dispute().amount == 50


def test_what_went_back_in_full_or_is_disputed_already_is_not_disputed(client, intent, dispute):
    made = dispute(kind="inquiry")
    with pytest.raises(AssertionError, match="cannot be disputed"):
        dispute()
    client.v1.refunds.create({"payment_intent": intent})

    assert made.is_charge_refundable
    with pytest.raises(AssertionError, match="cannot be disputed"):
        dispute()


@pytest.mark.parametrize("decision", [None, "lost"])
def test_nothing_is_refunded_while_a_bank_has_the_money(client, control, intent, dispute, decision):
    made = dispute(amount=50)
    if decision:
        decide(control, made, decision)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent, "amount": 50})

    assert refused.value.code == "charge_disputed"


@pytest.mark.parametrize(("kind", "decision"), [("chargeback", "won"), ("inquiry", "closed"), ("inquiry", None)])
def test_a_refund_goes_through_once_the_money_is_there(client, control, intent, dispute, kind, decision):
    made = dispute(kind=kind)
    if decision:
        decide(control, made, decision)

    assert client.v1.refunds.create({"payment_intent": intent}).status == "succeeded"


def test_evidence_is_handed_in_once_and_in_time(client, control, clock, dispute):
    made = dispute()
    client.v1.disputes.update(made.id, {"evidence": {"service_date": "2 June"}, "submit": False})
    staged = client.v1.disputes.retrieve(made.id)
    handed = client.v1.disputes.update(made.id, {"evidence": {"uncategorized_text": "It took place."}})

    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    assert (handed.status, handed.evidence_details.submission_count) == ("under_review", 1)
    assert (handed.evidence.service_date, handed.evidence.uncategorized_text) == ("2 June", "It took place.")
    with pytest.raises(stripe.InvalidRequestError, match="no more evidence"):
        client.v1.disputes.update(made.id, {"evidence": {"uncategorized_text": "And this."}})


def test_evidence_comes_too_late_after_the_day_that_stripe_names(client, clock, dispute):
    made = dispute()
    clock.move(days=15)

    with pytest.raises(stripe.InvalidRequestError, match="is over"):
        client.v1.disputes.update(made.id, {"evidence": {"uncategorized_text": "It took place."}})


def test_a_shop_may_accept_a_dispute(client, dispute):
    made = dispute()

    assert client.v1.disputes.close(made.id).status == "lost"


@pytest.mark.parametrize(
    ("kind", "decisions"),
    [("chargeback", ["closed"]), ("inquiry", ["won"]), ("chargeback", ["won", "lost"]), ("inquiry", ["closed"] * 2)],
)
def test_what_makes_no_sense_of_a_dispute_is_refused(control, dispute, kind, decisions):
    made = dispute(kind=kind)
    for decision in decisions[:-1]:
        decide(control, made, decision)

    with pytest.raises(AssertionError, match="cannot be"):
        decide(control, made, decisions[-1])


def test_a_warning_can_be_acted_on_until_the_charge_went_back_or_is_disputed(client, control, intent, make_paid):
    def warned(of):
        return control.post(f"/_sandbox/payments/{of}/warn")["warning"]

    first, other = warned(intent), make_paid().payment_intent
    client.v1.refunds.create({"payment_intent": intent, "amount": 50})
    still = client.v1.radar.early_fraud_warnings.retrieve(first["id"]).actionable
    client.v1.refunds.create({"payment_intent": intent})
    second = warned(other)
    control.post(f"/_sandbox/payments/{other}/dispute")

    after = [client.v1.radar.early_fraud_warnings.retrieve(each["id"]).actionable for each in (first, second)]
    assert (first["actionable"], still, after, warned(intent)["actionable"]) == (True, True, [False, False], False)


def test_disputes_and_warnings_are_what_the_library_knows(control, intent, dispute):
    warning = control.post(f"/_sandbox/payments/{intent}/warn")["warning"]
    body = control.post(f"/_sandbox/payments/{intent}/dispute")["dispute"]

    assert complaints(stripe.Dispute, body, "dispute") == []
    assert complaints(stripe.radar.EarlyFraudWarning, warning, "warning") == []
