"""Transfers at the stand-in: what is there to give, what may be taken back, and Stripe's own shapes."""

import pytest
import requests
import stripe

from tests.payments.sandbox.spec import spec
from tests.payments.sandbox.test_shapes import complaints
from tests.payments.sandbox.tools import under


@pytest.fixture
def grace(key):
    """Known to the stand-in without having been made, and to this key alone."""
    return f"acct_ready_{key[-16:]}"


@pytest.fixture
def charge(client, make_paid):
    """Of 80.50 euros."""
    return client.v1.payment_intents.retrieve(make_paid().payment_intent).latest_charge


@pytest.fixture
def send(client, grace):
    def transfer(amount=7000, options=None, **given):
        wanted = {"amount": amount, "currency": "eur", "destination": grace, **given}
        return client.v1.transfers.create(wanted, options or {})

    return transfer


def available(client):
    [euros] = [each.amount for each in client.v1.balance.retrieve().available if each.currency == "eur"]
    return euros


def test_what_is_transferred_leaves_the_balance(client, send, charge, grace):
    before = available(client)

    made = send(source_transaction=charge, transfer_group="one", metadata={"transfer": "t-1"})

    assert (before, available(client)) == (7904, 904)
    assert (made.amount, made.destination, made.transfer_group, made.metadata["transfer"]) == (
        7000,
        grace,
        "one",
        "t-1",
    )
    assert [each.id for each in client.v1.transfers.list({"transfer_group": "one"})] == [made.id]
    assert list(client.v1.transfers.list({"transfer_group": "another"})) == []


def test_without_a_source_only_what_is_available_is_transferred(send, charge):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        send(7905)

    assert refused.value.code == "balance_insufficient"
    assert send(7904).amount == 7904


def test_with_a_source_the_balance_does_not_matter(client, send, charge):
    """Other money went out: the charge is still there to draw on."""
    send(7904)

    assert send(7000, source_transaction=charge).amount == 7000
    assert available(client) == -7000


def test_a_charge_gives_no_more_than_it_brought(send, charge):
    send(7000, source_transaction=charge)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        send(1051, source_transaction=charge)

    assert refused.value.param == "amount"
    assert send(1050, source_transaction=charge).amount == 1050


@pytest.mark.parametrize("given", ["rejected", "papers_are_read", "nothing"])
def test_who_has_not_the_capability_gets_nothing(control, send, charge, grace, given):
    control.post(f"/_sandbox/accounts/{grace}", given=given)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        send(source_transaction=charge)

    assert refused.value.code == "insufficient_capabilities_for_transfer"


@pytest.mark.parametrize("wrong", [{"currency": "usd"}, {"destination": "acct_of_nobody"}, {"amount": 0}])
def test_what_makes_no_sense_is_refused(send, charge, wrong):
    with pytest.raises(stripe.InvalidRequestError):
        send(**{"source_transaction": charge, **wrong})


def test_the_same_key_transfers_once(client, send, charge):
    first, second = (send(source_transaction=charge, options=under("once")) for _ in range(2))

    assert first.id == second.id
    assert len(list(client.v1.transfers.list())) == 1


def test_what_was_transferred_can_be_taken_back_in_parts_and_no_more(client, send, charge):
    made = send(source_transaction=charge)
    client.v1.transfers.reversals.create(made.id, {"amount": 3000})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.reversals.create(made.id, {"amount": 4001})
    client.v1.transfers.reversals.create(made.id)

    after = client.v1.transfers.retrieve(made.id)
    assert refused.value.param == "amount"
    assert (after.amount_reversed, after.reversed) == (7000, True)
    assert [each.amount for each in client.v1.transfers.reversals.list(made.id)] == [4000, 3000]
    assert available(client) == 7904
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.reversals.create(made.id)


def test_transfers_and_reversals_are_what_stripe_writes(client, sandbox, key, send, charge):
    made = send(source_transaction=charge)
    reversal = client.v1.transfers.reversals.create(made.id, {"amount": 3000})

    def get(path):
        return requests.get(sandbox.url + path, auth=(key, ""), timeout=10).json()

    transfer = get(f"/v1/transfers/{made.id}")
    [taken_back] = get(f"/v1/transfers/{made.id}/reversals")["data"]
    events = [each for each in get("/v1/events?limit=100")["data"] if each["type"].startswith("transfer.")]
    assert taken_back["id"] == reversal.id
    assert [
        complaints(stripe.Transfer, transfer, "transfer"),
        complaints(stripe.TransferReversal, taken_back, "reversal"),
    ] == [
        [],
        [],
    ]
    assert [spec().wrong_object(each) for each in (transfer, taken_back)] == [[], []]
    assert [spec().wrong_event(each) for each in events] == [[], []]
