"""Cards that are declined and banks that ask first: the session stays open, its intent keeps what happened."""

import pytest
import stripe

DEEP = ["payment_intent.latest_charge"]


def look(client, session_id):
    return client.v1.checkout.sessions.retrieve(session_id, {"expand": DEEP})


def types(client):
    return [event.type for event in reversed(client.v1.events.list({"limit": 100}).data)]


@pytest.mark.parametrize(
    ("outcome", "reason"), [("declined", "generic_decline"), ("insufficient_funds", "insufficient_funds")]
)
def test_a_declined_card_leaves_a_failed_charge_and_takes_nothing(client, make_session, control, outcome, reason):
    made = make_session()

    assert control.pay(made.id, outcome) == "declined"

    after = look(client, made.id)
    intent, charge = after.payment_intent, after.payment_intent.latest_charge
    assert (after.status, after.payment_status, after.url) == ("open", "unpaid", made.url)
    assert (intent.status, intent.last_payment_error.decline_code) == ("requires_payment_method", reason)
    assert (charge.status, charge.paid, charge.failure_code, charge.outcome.reason) == (
        "failed",
        False,
        "card_declined",
        reason,
    )
    assert types(client) == ["payment_intent.payment_failed", "charge.failed"]
    assert client.v1.balance_transactions.list().data == []


def test_after_declines_the_same_intent_is_paid(client, make_session, control):
    made = make_session()
    control.pay(made.id, "declined")
    control.pay(made.id, "insufficient_funds")
    tried = look(client, made.id).payment_intent.id

    assert control.pay(made.id) == "paid"

    after = look(client, made.id)
    assert (after.payment_intent.id, after.payment_intent.status) == (tried, "succeeded")
    assert (after.payment_intent.last_payment_error, after.payment_intent.latest_charge.status) == (None, "succeeded")
    assert len(client.v1.balance_transactions.list().data) == 1


@pytest.mark.parametrize("how", ["by the shop", "by its time"])
def test_an_intent_tried_in_vain_ends_with_its_session(client, make_session, control, clock, how):
    made = make_session()
    control.pay(made.id, "declined")
    if how == "by the shop":
        client.v1.checkout.sessions.expire(made.id)
    else:
        clock.move(hours=25)

    after = look(client, made.id)

    assert (after.status, after.payment_intent.status) == ("expired", "canceled")
    assert types(client)[2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_the_buyer_tells_the_bank_yes(client, make_session, control):
    made = make_session()

    assert control.pay(made.id, "3ds_yes") == "paid"

    after = look(client, made.id)
    card = after.payment_intent.latest_charge.payment_method_details.card
    assert (after.payment_status, card.three_d_secure.result) == ("paid", "authenticated")
    assert types(client)[0] == "payment_intent.requires_action"


def test_the_buyer_tells_the_bank_no(client, make_session, control):
    made = make_session()

    assert control.pay(made.id, "3ds_no") == "not_authenticated"

    after = look(client, made.id)
    assert (after.status, after.payment_status) == ("open", "unpaid")
    assert after.payment_intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert after.payment_intent.latest_charge is None
    assert types(client) == ["payment_intent.requires_action", "payment_intent.payment_failed"]
    assert control.pay(made.id) == "paid"


def test_a_failed_charge_cannot_be_refunded(client, make_session, control):
    made = make_session()
    control.pay(made.id, "declined")
    intent = look(client, made.id).payment_intent

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="failed"):
        client.v1.refunds.create({"charge": intent.latest_charge.id})


@pytest.mark.parametrize("outcome", ["declined", "insufficient_funds", "slow", "3ds_yes", "3ds_no"])
def test_an_expired_session_is_left_as_it_is(client, make_session, control, outcome):
    made = make_session()
    client.v1.checkout.sessions.expire(made.id)

    assert control.pay(made.id, outcome) == "not_open"
    assert client.v1.checkout.sessions.retrieve(made.id).payment_intent is None
    assert types(client) == ["checkout.session.expired"]
