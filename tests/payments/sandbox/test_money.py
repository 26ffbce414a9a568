import pytest
import stripe

from tests.payments.sandbox.tools import of_amount


def test_a_paid_session_leads_to_its_intent_charge_and_booked_fee(client, make_paid):
    paid = make_paid(
        payment_intent_data={
            "metadata": {"purchase": "7"},
            "description": "A session with Grace",
            "transfer_group": "purchase-7",
            "statement_descriptor_suffix": "MENTOR 7F3K",
        }
    )

    path = ["payment_intent", "payment_intent.latest_charge", "payment_intent.latest_charge.balance_transaction"]
    intent = client.v1.checkout.sessions.retrieve(paid.id, {"expand": path}).payment_intent
    charge, booked = intent.latest_charge, intent.latest_charge.balance_transaction

    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == ("succeeded", 8050, {"purchase": "7"})
    assert (charge.status, charge.paid, charge.captured, charge.amount_refunded) == ("succeeded", True, True, 0)
    assert (charge.transfer_group, charge.description) == ("purchase-7", "A session with Grace")
    assert charge.calculated_statement_descriptor == "OFFICE HOU* MENTOR 7F3"
    assert (booked.amount, booked.fee, booked.net, booked.type) == (8050, 146, 7904, "charge")
    assert booked.source == charge.id


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        pytest.param(100, 27, id="half a cent is rounded up"),
        pytest.param(99, 26, id="less than half is rounded down"),
        pytest.param(20000, 325, id="no rounding"),
    ],
)
def test_the_fee_is_one_and_a_half_percent_and_25(client, make_paid, amount, fee):
    make_paid(line_items=of_amount(amount))

    booked = client.v1.balance_transactions.list({"type": "charge"}).data[0]

    assert booked.fee == fee
    assert sum(detail.amount for detail in booked.fee_details) == fee


def test_a_refund_without_amount_gives_all_back(client, make_paid):
    paid = make_paid()

    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent, "metadata": {"refund": "1"}})

    charge = client.v1.charges.retrieve(refund.charge, {"expand": ["refunds"]})
    booked = client.v1.balance_transactions.retrieve(refund.balance_transaction)
    assert (refund.status, refund.amount, refund.metadata.to_dict()) == ("succeeded", 8050, {"refund": "1"})
    assert (charge.amount_refunded, charge.refunded) == (8050, True)
    assert [each.id for each in charge.refunds] == [refund.id]
    assert (booked.amount, booked.fee, booked.net, booked.type) == (-8050, 0, -8050, "refund")


def test_parts_are_refunded_until_nothing_is_left(client, make_paid):
    paid = make_paid()
    refunds = client.v1.refunds
    first = refunds.create({"payment_intent": paid.payment_intent, "amount": 4025, "reason": "requested_by_customer"})
    charge_id = first.charge

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount on charge") as too_much:
        refunds.create({"charge": charge_id, "amount": 4026})
    second = refunds.create({"charge": charge_id})
    with pytest.raises(stripe.InvalidRequestError) as nothing_left:
        refunds.create({"charge": charge_id, "amount": 1})

    assert too_much.value.param == "amount"
    assert second.amount == 4025
    assert nothing_left.value.code == "charge_already_refunded"
    assert [each.id for each in refunds.list({"payment_intent": paid.payment_intent})] == [second.id, first.id]
    assert [each.id for each in refunds.list({"charge": charge_id, "limit": 1}).auto_paging_iter()] == [
        second.id,
        first.id,
    ]
    assert refunds.retrieve(first.id).reason == "requested_by_customer"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        pytest.param({}, "parameter_missing", id="nothing named"),
        pytest.param({"payment_intent": "pi_none"}, "resource_missing", id="no such intent"),
        pytest.param({"charge": "ch_none"}, "resource_missing", id="no such charge"),
        pytest.param({"charge": "ch_none", "amount": 0}, "parameter_invalid_integer", id="nothing to give back"),
        pytest.param({"charge": "ch_none", "refund_all": "yes"}, "parameter_unknown", id="unknown parameter"),
    ],
)
def test_a_senseless_refund_is_refused(client, params, code):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params)

    assert refusal.value.code == code


def test_the_balance_is_the_sum_of_its_transactions(client, make_paid):
    paid = make_paid()
    make_paid(line_items=of_amount(1000, "usd"))
    client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 50})

    balance = client.v1.balance.retrieve()

    booked = client.v1.balance_transactions.list()
    assert {each.currency: each.amount for each in balance.available} == {"eur": 8050 - 146 - 50, "usd": 1000 - 40}
    assert sum(each.net for each in booked if each.currency == "eur") == 8050 - 146 - 50
    assert len(client.v1.balance_transactions.list({"currency": "usd"}).data) == 1


def test_a_property_that_cannot_be_expanded_is_refused(client, make_paid):
    paid = make_paid()

    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.retrieve(paid.payment_intent, {"expand": ["latest_charge.colour"]})


def test_lists_are_expanded_item_by_item(client, make_paid):
    make_paid()

    listed = client.v1.checkout.sessions.list({"expand": ["data.payment_intent"]})

    assert listed.data[0].payment_intent.status == "succeeded"


def test_a_declined_card_leaves_the_session_open(client, make_session, control):
    made = make_session()

    assert control.pay(made.id, "declined") == "declined"

    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"
    assert control.pay(made.id) == "paid"
