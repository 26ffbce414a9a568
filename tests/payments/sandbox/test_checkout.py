import time

import pytest
import requests
import stripe

from tests.payments.sandbox.tools import of_amount, session_params

MINUTE = 60


def test_a_new_session_is_open_unpaid_and_has_no_intent(client):
    made = client.v1.checkout.sessions.create(session_params(client_reference_id="purchase-7", metadata={"hold": "42"}))

    assert (made.status, made.payment_status, made.payment_intent) == ("open", "unpaid", None)
    assert (made.amount_total, made.currency, made.livemode) == (8050, "eur", False)
    assert (made.client_reference_id, made.metadata.to_dict()) == ("purchase-7", {"hold": "42"})
    assert made.id.startswith("cs_test_")
    assert made.url.endswith(f"/c/pay/{made.id}")
    assert made.expires_at - made.created == 24 * 60 * MINUTE


def test_every_parameter_of_the_shop_is_taken(client):
    made = client.v1.checkout.sessions.create(
        session_params(
            customer_email="ada@example.com",
            locale="en-GB",
            submit_type="book",
            excluded_payment_method_types=["sepa_debit", "customer_balance"],
            integration_identifier="office-hours",
            consent_collection={"terms_of_service": "required"},
            custom_text={"submit": {"message": "The time is yours for 35 minutes."}},
            payment_intent_data={
                "description": "A session with Grace",
                "metadata": {"purchase": "7"},
                "transfer_group": "purchase-7",
                "statement_descriptor_suffix": "MENTOR 7F3K",
            },
        )
    )

    assert made.customer_details.email == "ada@example.com"
    assert made.excluded_payment_method_types == ["sepa_debit", "customer_balance"]
    assert (made.locale, made.submit_type, made.integration_identifier) == ("en-GB", "book", "office-hours")
    assert made.custom_text.submit.message == "The time is yours for 35 minutes."


def test_lines_are_listed_in_pages_and_expanded(client):
    lines = of_amount(1000) + of_amount(2000, quantity=3) + of_amount(500)
    made = client.v1.checkout.sessions.create(session_params(line_items=lines, expand=["line_items"]))

    first = client.v1.checkout.sessions.line_items.list(made.id, {"limit": 2})
    rest = client.v1.checkout.sessions.line_items.list(made.id, {"starting_after": first.data[-1].id})

    assert [line.amount_total for line in made.line_items] == [1000, 6000, 500]
    assert ([line.quantity for line in first.data], first.has_more) == ([1, 3], True)
    assert ([line.amount_total for line in rest.data], rest.has_more) == ([500], False)
    assert first.data[1].price.unit_amount == 2000


@pytest.mark.parametrize(
    ("ahead", "accepted"),
    [
        pytest.param(30 * MINUTE - 5, False, id="less than half an hour"),
        pytest.param(30 * MINUTE + 1, True, id="half an hour"),
        pytest.param(24 * 60 * MINUTE - 5, True, id="a day"),
        pytest.param(24 * 60 * MINUTE + 5, False, id="more than a day"),
    ],
)
def test_a_session_lives_from_half_an_hour_to_a_day(client, ahead, accepted):
    params = session_params(expires_at=int(time.time()) + ahead)

    if accepted:
        assert client.v1.checkout.sessions.create(params).expires_at == params["expires_at"]
        return
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(params)

    assert refusal.value.param == "expires_at"


def test_the_limits_of_a_session_follow_the_movable_clock(client, clock):
    clock.move(hours=48)

    made = client.v1.checkout.sessions.create(session_params(expires_at=int(time.time()) + (48 * 60 + 35) * MINUTE))

    assert made.created >= int(time.time()) + 48 * 60 * MINUTE - 5


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        pytest.param({"colour": "red"}, "parameter_unknown", "colour", id="unknown parameter"),
        pytest.param(
            {"payment_intent_data": {"colour": "red"}}, "parameter_unknown", "payment_intent_data[colour]", id="inside"
        ),
        pytest.param({"line_items": of_amount(49)}, "amount_too_small", None, id="euros under the minimum"),
        pytest.param({"line_items": of_amount(29, "gbp")}, "amount_too_small", None, id="pounds under the minimum"),
        pytest.param({"line_items": of_amount(299, "sek")}, "amount_too_small", None, id="kronor under the minimum"),
        pytest.param({"line_items": of_amount(100_000_000)}, "amount_too_large", None, id="nine digits"),
        pytest.param(
            {"line_items": of_amount(-100)},
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
            id="a negative price",
        ),
        pytest.param(
            {"line_items": of_amount(1050, "isk")},
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
            id="half a krona of Iceland",
        ),
        pytest.param(
            {"line_items": of_amount(1000, "xyz")}, None, "line_items[0][price_data][currency]", id="no such currency"
        ),
        pytest.param({"line_items": of_amount(900) + of_amount(900, "usd")}, None, "line_items", id="two currencies"),
        pytest.param({"success_url": "/return"}, "url_invalid", "success_url", id="an address without a host"),
        pytest.param({"customer_email": "ada"}, "email_invalid", "customer_email", id="no address of mail"),
        pytest.param({"customer_email": ""}, "parameter_invalid_empty", "customer_email", id="empty text"),
        pytest.param({"locale": "de-DE"}, None, "locale", id="a locale that Checkout lacks"),
        pytest.param({"mode": "subscription"}, None, "mode", id="a mode that the shop does not use"),
        pytest.param({"metadata": {"k" * 41: "v"}}, None, "metadata", id="a long metadata key"),
        pytest.param({"metadata": {"k": "v" * 501}}, None, "metadata[k]", id="a long metadata value"),
        pytest.param(
            {"payment_intent_data": {"statement_descriptor_suffix": "1234"}},
            None,
            "payment_intent_data[statement_descriptor_suffix]",
            id="a descriptor without a letter",
        ),
    ],
)
def test_what_stripe_refuses_is_refused(client, change, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(session_params(**change))

    assert (refusal.value.code, refusal.value.param, refusal.value.http_status) == (code, param, 400)
    assert str(refusal.value.request_id).startswith("req_")


@pytest.mark.parametrize("name", ["mode", "line_items", "success_url"])
def test_a_missing_parameter_is_named(client, name):
    params = session_params()
    del params[name]

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(params)

    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", name)


def test_a_total_of_nothing_needs_no_payment_and_still_completes(client, make_session, control):
    made = make_session(line_items=of_amount(0))

    control.pay(made.id)

    done = client.v1.checkout.sessions.retrieve(made.id)
    assert (made.payment_status, made.status) == ("no_payment_required", "open")
    assert (done.payment_status, done.status, done.payment_intent) == ("no_payment_required", "complete", None)


def test_sessions_are_listed_newest_first_in_pages_both_ways(client, make_session):
    oldest, second, third, newest = (make_session().id for _ in range(4))
    sessions = client.v1.checkout.sessions

    down = sessions.list({"limit": 2, "starting_after": newest})
    up = sessions.list({"limit": 2, "ending_before": oldest})

    assert ([each.id for each in down.data], down.has_more) == ([third, second], True)
    assert ([each.id for each in up.data], up.has_more) == ([third, second], True)
    assert [each.id for each in sessions.list({"limit": 1}).auto_paging_iter()] == [newest, third, second, oldest]


def test_sessions_are_found_by_status_time_and_intent(client, make_session, make_paid, clock):
    early = make_session()
    paid = make_paid()
    clock.move(minutes=10)
    late = make_session()
    sessions = client.v1.checkout.sessions

    assert [each.id for each in sessions.list({"status": "complete"})] == [paid.id]
    assert [each.id for each in sessions.list({"created": {"gte": late.created}})] == [late.id]
    assert [each.id for each in sessions.list({"created": {"lt": late.created}, "status": "open"})] == [early.id]
    assert [each.id for each in sessions.list({"payment_intent": paid.payment_intent})] == [paid.id]


def test_an_open_session_can_be_expired_once(client, make_session):
    made = make_session()

    expired = client.v1.checkout.sessions.expire(made.id)

    assert (expired.status, expired.url, expired.payment_status) == ("expired", None, "unpaid")
    with pytest.raises(stripe.InvalidRequestError, match='status in \\["open"\\] can be expired'):
        client.v1.checkout.sessions.expire(made.id)


def test_a_paid_session_cannot_be_expired(client, make_paid):
    paid = make_paid()

    with pytest.raises(stripe.InvalidRequestError, match="complete"):
        client.v1.checkout.sessions.expire(paid.id)

    assert client.v1.checkout.sessions.retrieve(paid.id).payment_status == "paid"


def test_a_session_expires_when_its_time_is_over_and_tells_so(client, make_session, control, clock):
    made = make_session(expires_at=int(time.time()) + 35 * MINUTE)

    clock.move(minutes=34)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"
    clock.move(minutes=36)

    assert client.v1.checkout.sessions.retrieve(made.id).status == "expired"
    assert control.pay(made.id) == "not_open"
    assert [event.type for event in client.v1.events.list()] == ["checkout.session.expired"]


def test_an_object_of_another_key_does_not_exist(sandbox, client, make_paid):
    paid = make_paid()
    stranger = stripe.StripeClient("sk_test_stranger", base_addresses={"api": sandbox.url}, max_network_retries=0)

    for look in (
        lambda: stranger.v1.checkout.sessions.retrieve(paid.id),
        lambda: stranger.v1.checkout.sessions.expire(paid.id),
        lambda: stranger.v1.checkout.sessions.line_items.list(paid.id),
        lambda: stranger.v1.payment_intents.retrieve(paid.payment_intent),
        lambda: stranger.v1.refunds.create({"payment_intent": paid.payment_intent}),
        lambda: stranger.v1.events.retrieve(client.v1.events.list().data[0].id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            look()
        assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    assert stranger.v1.checkout.sessions.list().data == []
    assert stranger.v1.events.list().data == []


@pytest.mark.parametrize("wrong", ["sk_live_0123456789abcdef", "pk_test_0123456789abcdef", "nonsense"])
def test_only_test_keys_are_taken(sandbox, wrong):
    client = stripe.StripeClient(wrong, base_addresses={"api": sandbox.url}, max_network_retries=0)

    with pytest.raises(stripe.AuthenticationError) as refusal:
        client.v1.balance.retrieve()

    assert wrong not in str(refusal.value)


def test_an_address_that_the_stand_in_lacks_says_so(sandbox, key):
    answer = requests.get(f"{sandbox.url}/v1/customers", auth=(key, ""), timeout=10)

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Unrecognized request URL (GET: /v1/customers)."
