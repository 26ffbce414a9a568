import json
import time

import pytest
import stripe

from tests.payments.sandbox.tools import wait_until

MINUTE = 60
DAY = 24 * 60 * MINUTE
PAID = ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"]
REFUNDED = ["refund.created", "charge.refunded", "refund.updated"]


def types(inbox):
    return [json.loads(payload)["type"] for payload, _ in inbox.received]


def dated(header):
    """The signature's time, by the stand-in's clock."""
    return int(header.split(",")[0].removeprefix("t="))


def test_a_payment_is_told_in_signed_events_that_the_library_accepts(client, make_paid, inbox, endpoint):
    paid = make_paid()

    received = inbox.wait_for(3)

    assert types(inbox) == PAID
    events = [client.construct_event(payload, header, endpoint.secret) for payload, header in received]
    assert events[-1].data.object.to_dict() == paid.to_dict()
    assert {(event.object, event.api_version, event.livemode) for event in events} == {
        ("event", stripe.api_version, False)
    }
    assert events[-1].request.to_dict() == {"id": None, "idempotency_key": None}
    assert events[-1].pending_webhooks == 1


@pytest.mark.parametrize(
    ("spoil", "secret"),
    [
        pytest.param(lambda payload: payload.replace(b"8050", b"8051"), None, id="another body"),
        pytest.param(lambda payload: payload, "whsec_other", id="another secret"),
    ],
)
def test_a_signature_fits_this_body_and_this_secret_only(make_paid, inbox, endpoint, spoil, secret):
    make_paid()
    payload, header = inbox.wait_for(1)[0]

    assert stripe.WebhookSignature.verify_header(payload.decode(), header, endpoint.secret, 300)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(spoil(payload).decode(), header, secret or endpoint.secret, 300)


def test_the_signature_is_dated_by_the_movable_clock(make_paid, inbox, endpoint, clock):
    clock.move(hours=72)
    make_paid()

    signed_at = dated(inbox.wait_for(1)[0][1])

    assert abs(signed_at - time.time() - 3 * DAY) < MINUTE


def test_a_refund_is_told_in_three_events(client, make_paid, inbox, endpoint):
    paid = make_paid()
    client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 4025})

    inbox.wait_for(6)

    assert types(inbox) == PAID + REFUNDED
    refunded = json.loads(inbox.received[4][0])["data"]
    assert refunded["object"]["amount_refunded"] == 4025
    assert refunded["previous_attributes"] == {"amount_refunded": 0, "refunded": False}


def test_an_endpoint_is_told_only_what_it_asked_for(client, make_paid, inbox):
    client.v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": ["checkout.session.completed"]})
    make_paid()
    second = make_paid()

    inbox.wait_for(2)

    assert types(inbox) == ["checkout.session.completed"] * 2
    assert json.loads(inbox.received[1][0])["data"]["object"]["id"] == second.id


def test_a_failed_delivery_waits_for_its_minute_while_later_events_pass_it(
    client, make_session, inbox, endpoint, clock
):
    inbox.answers[:] = [500]
    client.v1.checkout.sessions.expire(make_session().id)
    inbox.wait_for(1)

    later = [make_session().id for _ in range(3)]
    for number, session_id in enumerate(later):
        client.v1.checkout.sessions.expire(session_id)
        inbox.wait_for(2 + number)

    told = [json.loads(payload)["data"]["object"]["id"] for payload, _ in inbox.received]
    assert told[1:] == later


def test_a_failed_delivery_is_repeated_after_one_minute_and_then_after_five(
    client, make_session, inbox, endpoint, clock, control
):
    inbox.answers[:] = [500, 500]
    expired = client.v1.checkout.sessions.expire(make_session().id)

    def delivery():
        return control.get("/_sandbox/deliveries")["data"][0]

    wait_until(lambda: delivery()["attempts"] == 1, "the first attempt")
    failed = delivery()
    undelivered = client.v1.events.list({"delivery_success": False}).data
    clock.move(seconds=61)
    wait_until(lambda: delivery()["attempts"] == 2, "the second attempt")
    failed_again = delivery()
    clock.move(seconds=61 + 5 * MINUTE)
    wait_until(lambda: delivery()["state"] == "delivered", "the third attempt")

    assert (failed["state"], failed["last_status"]) == ("pending", 500)
    assert MINUTE - 5 < failed["due_at"] - expired.created < MINUTE + 15
    assert 5 * MINUTE <= failed_again["due_at"] - failed["due_at"] < 5 * MINUTE + 15
    assert [event.type for event in undelivered] == ["checkout.session.expired"]
    assert client.v1.events.list({"delivery_success": False}).data == []
    assert client.v1.events.list({"delivery_success": True}).data[0].pending_webhooks == 0
    assert len({json.loads(payload)["id"] for payload, _ in inbox.received}) == 1


def test_after_three_days_it_is_given_up_and_stays_undelivered(client, make_session, inbox, endpoint, clock, control):
    inbox.answers[:] = [500] * 5
    client.v1.checkout.sessions.expire(make_session().id)
    inbox.wait_for(1)
    wait_until(lambda: control.get("/_sandbox/deliveries")["data"][0]["attempts"] == 1, "the first attempt")

    clock.move(seconds=3 * DAY)
    wait_until(lambda: control.get("/_sandbox/deliveries")["data"][0]["state"] == "failed", "the end")

    assert len(inbox.received) == 2
    [event] = client.v1.events.list({"delivery_success": False}).data
    assert event.pending_webhooks == 0


def test_an_endpoint_that_is_not_there_is_an_error_on_record(client, make_session, control):
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/hook", "enabled_events": ["*"]})
    client.v1.checkout.sessions.expire(make_session().id)

    wait_until(lambda: control.get("/_sandbox/deliveries")["data"][0]["attempts"] == 1, "the attempt")

    tried = control.get("/_sandbox/deliveries")["data"][0]
    assert (tried["state"], tried["last_status"], tried["last_error"]) == ("pending", None, "ConnectionError")


def test_held_webhooks_come_when_flushed_in_the_order_and_number_asked_for(make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="hold")
    make_paid()

    before = list(inbox.received)
    sent = control.post("/_sandbox/webhooks/flush", order="reversed", repeat=2)["data"]

    assert before == []
    assert types(inbox) == [each for each in reversed(PAID) for _ in range(2)]
    assert {each["status"] for each in sent} == {200}
    assert control.post("/_sandbox/webhooks/flush")["data"] == []


def test_held_webhooks_come_by_themselves_when_delivery_goes_on(make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="hold")
    make_paid()

    control.post("/_sandbox/webhooks", mode="deliver")

    inbox.wait_for(3)
    assert types(inbox) == PAID


def test_dropped_webhooks_count_as_delivered_and_never_come(client, make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="drop")
    make_paid()

    wait_until(lambda: not client.v1.events.list({"delivery_success": False}).data, "the drop")

    assert inbox.received == []
    assert len(client.v1.events.list({"delivery_success": True}).data) == 3


def test_the_secret_is_shown_once_and_a_deleted_endpoint_is_told_nothing(client, make_paid, inbox, endpoint):
    listed = client.v1.webhook_endpoints.list().data[0]

    gone = client.v1.webhook_endpoints.delete(endpoint.id)
    make_paid()

    assert endpoint.secret.startswith("whsec_")
    assert (listed.id, hasattr(listed, "secret")) == (endpoint.id, False)
    assert gone.deleted
    assert client.v1.webhook_endpoints.list().data == []
    assert client.v1.events.list().data[0].pending_webhooks == 0


def test_webhooks_stay_on_this_machine(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.webhook_endpoints.create({"url": "https://example.com/hook", "enabled_events": ["*"]})

    assert refusal.value.param == "url"


def test_events_are_found_by_type_time_and_page(client, make_paid, clock):
    make_paid()
    clock.move(minutes=10)
    late = make_paid()
    events = client.v1.events

    newest = events.list({"limit": 1})
    after = events.list({"starting_after": newest.data[0].id, "limit": 100}).data
    caught_up = events.list({"ending_before": after[-1].id, "limit": 2}).data

    assert [event.type for event in events.list({"type": "charge.succeeded"})] == ["charge.succeeded"] * 2
    assert len(events.list({"types": ["charge.succeeded", "checkout.session.completed"]}).data) == 4
    assert len(events.list({"created": {"gte": late.created}}).data) == 3
    assert [event.type for event in [*newest.data, *after]] == list(reversed(PAID + PAID))
    assert [event.id for event in caught_up] == [after[-3].id, after[-2].id]
    assert events.retrieve(after[0].id).to_dict() == after[0].to_dict()
