"""What Stripe has, asked for in lists: events that never arrived, sessions, refunds, endpoints."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.core.clock import utcnow
from payments.domain.inbox import NEEDED_EVENTS
from payments.stripe_api.events import incoming
from payments.stripe_api.gateway import Endpoint, StripeDenied, StripeGateway
from tests.payments.test_till import payment_of, reread

NOBODY_LISTENS = "http://127.0.0.1:9/webhooks/stripe"
DAY = timedelta(days=1)


@pytest.fixture
def gateway(app, settings):
    return StripeGateway(settings)


def listen_in_vain(stripe_side):
    """An endpoint that Stripe is to tell, while nothing gets through."""
    stripe_side.post("/_sandbox/webhooks", mode="hold")
    stripe_side.post("/v1/webhook_endpoints", **{"url": NOBODY_LISTENS, "enabled_events[]": "*"})


def test_what_was_not_delivered_is_listed_as_it_would_have_come(bought, session, stripe_side, gateway):
    listen_in_vain(stripe_side)
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))

    found = gateway.undelivered_events(utcnow() - DAY, NEEDED_EVENTS)

    sent = stripe_side.events("checkout.session.completed")
    assert [(each.id, each.type, each.object_id) for each in found] == [
        (event["id"], event["type"], event["data"]["object"]["id"]) for event in sent
    ]
    assert incoming(json.dumps(found[0].body).encode()) == found[0]


def test_neither_delivered_nor_older_nor_other_events_are_listed(bought, session, stripe_side, gateway):
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))  # nobody listens: nothing to deliver
    listen_in_vain(stripe_side)
    stripe_side.expire(stripe_side.post("/v1/checkout/sessions", **SOMETHING_ELSE)["id"])

    kinds = [each.type for each in gateway.undelivered_events(utcnow() - DAY, NEEDED_EVENTS)]

    assert kinds == ["checkout.session.expired"]
    assert gateway.undelivered_events(utcnow() + DAY, NEEDED_EVENTS) == []
    assert gateway.undelivered_events(utcnow() - DAY, ["refund.failed"]) == []


SOMETHING_ELSE = {
    "mode": "payment",
    "success_url": "https://example.org",
    "line_items[0][quantity]": 1,
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": 900,
    "line_items[0][price_data][product_data][name]": "Something else",
}


def test_more_sessions_than_a_page_holds_are_all_found(stripe_side, gateway):
    made = [stripe_side.post("/v1/checkout/sessions", **SOMETHING_ELSE)["id"] for _ in range(101)]

    assert [each.id for each in gateway.sessions_since(utcnow() - DAY)] == made[::-1]


def test_a_refund_made_by_hand_has_no_reference_of_ours(bought, session, stripe_side, gateway):
    session_id = str(payment_of(reread(session, bought)).stripe_session_id)
    stripe_side.pay(session_id)
    intent = stripe_side.get(f"/v1/checkout/sessions/{session_id}")["payment_intent"]
    made = stripe_side.post("/v1/refunds", payment_intent=intent, amount=100)

    [found] = gateway.refunds_since(utcnow() - DAY)

    assert (found.state.id, found.state.amount) == (made["id"], 100)
    assert (found.payment_intent, found.reference) == (intent, None)


def test_endpoints_are_listed_with_what_they_are_told(stripe_side, gateway):
    fields = {"url": NOBODY_LISTENS, "enabled_events[0]": "refund.failed", "enabled_events[1]": "refund.updated"}
    stripe_side.post("/v1/webhook_endpoints", **fields)

    assert gateway.endpoints() == [Endpoint(NOBODY_LISTENS, True, frozenset({"refund.failed", "refund.updated"}))]


def test_a_key_that_stripe_does_not_take_is_told_apart_from_silence(app, settings):
    with pytest.raises(StripeDenied):
        StripeGateway(replace(settings, stripe_secret_key="sk_live_of_nobody")).endpoints()
