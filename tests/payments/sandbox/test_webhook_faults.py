"""Webhooks that come late by the movable clock, more than once, in another order, or once more on request."""

import json

import pytest

from tests.payments.sandbox.tools import wait_until

PAID = ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"]
HOUR = 3600


def types(inbox):
    return [json.loads(payload)["type"] for payload, _ in inbox.received]


def test_webhooks_come_newest_first_when_asked_to(make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="reverse")

    make_paid()

    inbox.wait_for(3)
    assert types(inbox) == PAID[::-1]


def test_webhooks_come_as_often_as_asked_to(make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", repeat=2)

    make_paid()

    inbox.wait_for(6)
    assert types(inbox) == [each for each in PAID for _ in range(2)]
    assert len({json.loads(payload)["id"] for payload, _ in inbox.received}) == 3


def test_late_webhooks_wait_for_the_movable_clock(client, make_paid, inbox, endpoint, control, clock):
    control.post("/_sandbox/webhooks", delay=HOUR)
    make_paid()
    clock.move(seconds=HOUR - 120)
    early = list(inbox.received)

    clock.move(seconds=HOUR + 1)

    inbox.wait_for(3)
    assert early == []
    assert types(inbox) == PAID


def test_the_wait_is_for_the_first_attempt_only(make_session, client, inbox, endpoint, control, clock):
    control.post("/_sandbox/webhooks", delay=HOUR)
    inbox.answers[:] = [500]
    client.v1.checkout.sessions.expire(make_session().id)
    clock.move(seconds=HOUR + 1)
    inbox.wait_for(1)
    wait_until(lambda: control.get("/_sandbox/deliveries")["data"][0]["attempts"] == 1, "the first attempt")

    clock.move(seconds=HOUR + 63)

    inbox.wait_for(2)


def test_what_is_not_named_is_as_at_the_beginning(make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="hold", delay=HOUR, repeat=3)

    said = control.post("/_sandbox/webhooks")
    make_paid()

    inbox.wait_for(3)
    assert said == {"mode": "deliver", "delay": 0, "repeat": 1}
    assert types(inbox) == PAID


def test_a_delivery_is_sent_again_on_request(make_paid, inbox, endpoint, control):
    make_paid()
    inbox.wait_for(3)
    wait_until(
        lambda: {each["state"] for each in control.get("/_sandbox/deliveries")["data"]} == {"delivered"}, "the end"
    )
    number = control.get("/_sandbox/deliveries")["data"][0]["number"]

    [sent] = control.post(f"/_sandbox/deliveries/{number}/send")["data"]

    assert (sent["status"], types(inbox)) == (200, [*PAID, PAID[0]])
    assert control.get("/_sandbox/deliveries")["data"][0]["attempts"] == 2


def test_a_dropped_delivery_can_be_sent_after_all(make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="drop")
    make_paid()
    wait_until(
        lambda: {each["state"] for each in control.get("/_sandbox/deliveries")["data"]} == {"delivered"}, "the drop"
    )

    control.post(f"/_sandbox/deliveries/{control.get('/_sandbox/deliveries')['data'][2]['number']}/send")

    assert types(inbox) == [PAID[2]]


def test_a_delivery_of_another_key_cannot_be_sent(sandbox, make_paid, inbox, endpoint, control):
    control.post("/_sandbox/webhooks", mode="hold")
    make_paid()
    number = control.get("/_sandbox/deliveries")["data"][0]["number"]
    stranger = type(control)(sandbox.url, "sk_test_stranger_of_deliveries")

    with pytest.raises(AssertionError, match="No such delivery"):
        stranger.post(f"/_sandbox/deliveries/{number}/send")

    assert inbox.received == []
