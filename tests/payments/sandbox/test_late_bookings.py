"""Charges whose balance transaction comes after so many reads, or after a time."""

import pytest


def late(control, **when):
    control.post("/_sandbox/balance_transactions/late", **when)


def charge_of(client, paid):
    return client.v1.payment_intents.retrieve(paid.payment_intent).latest_charge


def test_it_is_null_for_as_many_reads_as_asked_for_and_then_told(client, make_paid, control):
    late(control, reads=2)
    charge = charge_of(client, make_paid())

    read = [client.v1.charges.retrieve(charge).balance_transaction for _ in range(3)]

    assert read[:2] == [None, None]
    assert client.v1.balance_transactions.retrieve(read[2]).amount == 8050
    newest = client.v1.events.list({"limit": 1}).data[0]
    assert (newest.type, newest.data.object.balance_transaction) == ("charge.updated", read[2])
    assert newest.data.previous_attributes.to_dict() == {"balance_transaction": None}


@pytest.mark.parametrize("where", ["payment_intent.latest_charge", "payment_intent.latest_charge.balance_transaction"])
def test_a_read_by_way_of_the_session_counts_too(client, make_paid, control, where):
    late(control, reads=1)
    paid = make_paid()

    first, second = (client.v1.checkout.sessions.retrieve(paid.id, {"expand": [where]}) for _ in range(2))

    assert first.payment_intent.latest_charge.balance_transaction is None
    assert second.payment_intent.latest_charge.balance_transaction is not None


def test_reading_something_else_does_not_count(client, make_paid, control):
    late(control, reads=1)
    paid = make_paid()

    for _ in range(3):
        client.v1.checkout.sessions.retrieve(paid.id)

    assert client.v1.charges.retrieve(charge_of(client, paid)).balance_transaction is None


def test_it_comes_by_the_movable_clock_and_is_on_no_balance_before(client, make_paid, control, clock):
    late(control, seconds=3600)
    charge = charge_of(client, make_paid())
    clock.move(seconds=3500)
    before, balance = client.v1.charges.retrieve(charge), client.v1.balance.retrieve()

    clock.move(seconds=3601)

    after = client.v1.charges.retrieve(charge, {"expand": ["balance_transaction"]})
    assert (before.status, before.balance_transaction) == ("succeeded", None)
    assert balance.available[0].amount == 0
    assert (after.balance_transaction.amount, after.balance_transaction.fee) == (8050, 146)
    assert client.v1.balance.retrieve().available[0].amount == 8050 - 146


def test_only_as_many_payments_as_asked_for_are_late(client, make_paid, control):
    late(control, seconds=3600, times=2)

    paid = [make_paid() for _ in range(3)]

    booked = [client.v1.charges.retrieve(charge_of(client, each)).balance_transaction for each in paid]
    assert [each is None for each in booked] == [True, True, False]


def test_a_charge_that_is_not_booked_yet_can_be_refunded(client, make_paid, control, clock):
    late(control, seconds=60)
    paid = make_paid()
    client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 50})

    clock.move(seconds=61)

    charge = client.v1.charges.retrieve(charge_of(client, paid))
    assert (charge.amount_refunded, charge.balance_transaction is None) == (50, False)
