"""What recipients have on their balances at the stand-in, and what is paid out of them, in Stripe's own shapes."""

import pytest
import requests
import stripe

from tests.payments.sandbox.spec import spec
from tests.payments.sandbox.test_transfers import charge, grace, send

__all__ = ["charge", "grace", "send"]


@pytest.fixture
def paid_out(control, send, charge, grace):
    """All that was transferred to Grace goes to her bank, or comes back from there."""

    def pay_out(outcome):
        send(source_transaction=charge)
        control.post(f"/_sandbox/accounts/{grace}/payouts", outcome=outcome)

    return pay_out


def on_balance(client, grace):
    found = client.v1.balance.retrieve(options={"stripe_account": grace}).available
    return {each.currency: each.amount for each in found}


def test_a_balance_is_what_was_transferred_less_what_was_reversed(client, send, charge, grace):
    made = send(source_transaction=charge)
    client.v1.transfers.reversals.create(made.id, {"amount": 3000})

    assert on_balance(client, grace) == {"eur": 4000}


@pytest.mark.parametrize(
    ("outcome", "status", "left"),
    [("paid", "paid", 0), ("on_its_way", "in_transit", 0), ("failed", "failed", 7000), ("canceled", "canceled", 7000)],
)
def test_what_is_paid_out_leaves_the_balance_unless_it_comes_back(client, paid_out, grace, outcome, status, left):
    paid_out(outcome)

    [payout] = client.v1.payouts.list(options={"stripe_account": grace})
    assert (payout.amount, payout.status) == (7000, status)
    assert on_balance(client, grace) == {"eur": left}
    assert list(client.v1.payouts.list()) == []


def test_what_has_arrived_may_be_sent_back_days_later(client, control, paid_out, grace):
    paid_out("paid")
    [made] = client.v1.payouts.list(options={"stripe_account": grace})

    control.post(f"/_sandbox/payouts/{made.id}", outcome="failed", reason="no_account")

    payout = client.v1.payouts.retrieve(made.id, options={"stripe_account": grace})
    assert (payout.status, payout.failure_code) == ("failed", "no_account")
    assert on_balance(client, grace) == {"eur": 7000}


def test_what_is_on_its_way_arrives_by_itself_on_its_day(client, clock, paid_out, grace):
    paid_out("on_its_way")
    [before] = client.v1.payouts.list(options={"stripe_account": grace})
    clock.move(days=2, minutes=1)

    [after] = client.v1.payouts.list(options={"stripe_account": grace})

    assert (before.status, after.status) == ("in_transit", "paid")
    assert after.arrival_date == before.arrival_date
    assert [each.type for each in client.v1.events.list({"type": "payout.paid"})] == ["payout.paid"]


def test_an_account_that_is_not_there_has_no_list(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payouts.list(options={"stripe_account": "acct_gone"})

    assert refused.value.code == "resource_missing"


def test_what_was_paid_out_cannot_be_reversed(client, paid_out):
    paid_out("paid")
    [made] = client.v1.transfers.list()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.reversals.create(made.id, {"amount": 1})

    assert refused.value.code == "balance_insufficient"


@pytest.mark.parametrize("outcome", ["paid", "failed", "canceled", "on_its_way"])
def test_payouts_and_their_events_are_what_stripe_writes(sandbox, key, paid_out, grace, outcome):
    paid_out(outcome)

    def get(path, **headers):
        return requests.get(sandbox.url + path, auth=(key, ""), headers=headers, timeout=10).json()

    [payout] = get("/v1/payouts", **{"Stripe-Account": grace})["data"]
    events = [each for each in get("/v1/events?limit=100")["data"] if each["type"].startswith("payout.")]
    told = "updated" if outcome == "on_its_way" else outcome
    assert {each["type"] for each in events} == {"payout.created", f"payout.{told}"}
    assert {each["account"] for each in events} == {grace}
    assert spec().wrong_object(payout) == []
    assert [spec().wrong_event(each) for each in events] == [[], []]
