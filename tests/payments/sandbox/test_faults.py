"""Requests that go wrong: refused, hanging or cut off, before and after the work is done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe

from tests.payments.sandbox.tools import client_of, session_params, under, wait_until

SESSIONS = "/v1/checkout/sessions"


def impatient(sandbox, key):
    """A client that waits for half a second, as the shop's waits for eight."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": sandbox.url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=0.5),
    )


def code_of(refusal):
    """The library keeps the code of refused requests and cards only."""
    return refusal.json_body["error"]["code"]


@pytest.mark.parametrize(
    ("fault", "error", "status", "code"),
    [
        pytest.param("lock_timeout", stripe.APIError, 409, "lock_timeout", id="another request holds the object"),
        pytest.param("rate_limit", stripe.RateLimitError, 429, "rate_limit", id="too many requests"),
    ],
)
def test_a_passing_refusal_does_nothing_and_leaves_the_key_free(client, control, fault, error, status, code):
    control.post("/_sandbox/faults", fault=fault, path=SESSIONS)

    with pytest.raises(error) as refusal:
        client.v1.checkout.sessions.create(session_params(), under("purchase-7"))
    before = client.v1.checkout.sessions.list().data
    made = client.v1.checkout.sessions.create(session_params(), under("purchase-7"))

    assert (refusal.value.http_status, code_of(refusal.value)) == (status, code)
    assert before == []
    assert "Idempotent-Replayed" not in made.last_response.headers


def test_the_librarys_own_retries_get_over_a_lock(sandbox, key, control):
    control.post("/_sandbox/faults", fault="lock_timeout", path=SESSIONS)
    patient = stripe.StripeClient(key, base_addresses={"api": sandbox.url}, max_network_retries=1)

    made = patient.v1.checkout.sessions.create(session_params())

    assert made.status == "open"


def test_a_time_out_after_the_work_is_done_is_found_under_the_same_key(sandbox, client, key, control):
    control.post("/_sandbox/faults", fault="stall_after_commit", path=SESSIONS)

    with pytest.raises(stripe.APIConnectionError):
        impatient(sandbox, key).v1.checkout.sessions.create(session_params(), under("purchase-7"))
    again = client.v1.checkout.sessions.create(session_params(), under("purchase-7"))
    released = control.post("/_sandbox/faults/release")["released"]

    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert [each.id for each in client.v1.checkout.sessions.list()] == [again.id]
    assert released == 1


def test_a_time_out_before_the_work_keeps_the_key_in_use_until_it_is_over(sandbox, client, key, control):
    control.post("/_sandbox/faults", fault="stall", path=SESSIONS)

    with pytest.raises(stripe.APIConnectionError):
        impatient(sandbox, key).v1.checkout.sessions.create(session_params(), under("purchase-7"))
    with pytest.raises(stripe.APIError) as refusal:
        client.v1.checkout.sessions.create(session_params(), under("purchase-7"))
    control.post("/_sandbox/faults/release")
    wait_until(lambda: client.v1.checkout.sessions.list().data, "the late work")

    assert code_of(refusal.value) == "idempotency_key_in_use"


def test_a_connection_that_breaks_after_the_work_is_found_under_the_same_key(client, make_paid, control):
    intent = make_paid().payment_intent
    control.post("/_sandbox/faults", fault="cut_after_commit", path="/v1/refunds")

    with pytest.raises(stripe.APIConnectionError):
        client.v1.refunds.create({"payment_intent": intent}, under("refund-7"))
    again = client.v1.refunds.create({"payment_intent": intent}, under("refund-7"))

    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert [each.id for each in client.v1.refunds.list()] == [again.id]


@pytest.mark.parametrize("fault", ["500_before", "lock_timeout", "rate_limit"])
def test_reading_fails_when_asked_for_and_only_then(client, make_session, control, fault):
    made = make_session()
    control.post("/_sandbox/faults", fault=fault, path=SESSIONS, method="GET", times=2)

    for _ in range(2):
        with pytest.raises(stripe.StripeError):
            client.v1.checkout.sessions.retrieve(made.id)

    assert client.v1.checkout.sessions.retrieve(made.id).id == made.id


def test_a_read_can_hang_too(client, make_session, control):
    made = make_session()
    control.post("/_sandbox/faults", fault="stall", path=SESSIONS, method="GET")
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(client.v1.checkout.sessions.retrieve, made.id)
        wait_until(lambda: control.get("/_sandbox/faults")["stalled"] == 1, "the read to hang")

        control.post("/_sandbox/faults/release")

        assert read.result().id == made.id


def test_a_fault_meets_only_its_method_its_path_and_its_key(sandbox, client, control, make_paid):
    control.post("/_sandbox/faults", fault="500_before", path="/v1/refunds")
    paid = make_paid()
    other = client_of(sandbox, "sk_test_other_account_of_faults")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        other.v1.refunds.create({"charge": "ch_none"})
    listed = client.v1.refunds.list({"payment_intent": paid.payment_intent})

    assert refusal.value.code == "resource_missing"
    assert listed.data == []
    with pytest.raises(stripe.APIError):
        client.v1.refunds.create({"payment_intent": paid.payment_intent})


def test_what_is_armed_is_listed_and_disarmed(client, control):
    control.post("/_sandbox/faults", fault="rate_limit", path=SESSIONS, times=2)
    control.post("/_sandbox/refunds/next", outcome="pending")
    armed = control.get("/_sandbox/faults")["armed"]

    control.post("/_sandbox/faults/disarm")

    assert armed == [{"fault": "rate_limit", "method": "POST", "path": SESSIONS}] * 2
    assert control.get("/_sandbox/faults")["armed"] == []
    assert client.v1.checkout.sessions.create(session_params()).status == "open"


def test_a_plan_for_refunds_is_disarmed_too(client, control, make_paid):
    control.post("/_sandbox/refunds/next", outcome="pending")

    control.post("/_sandbox/faults/disarm")

    assert client.v1.refunds.create({"payment_intent": make_paid().payment_intent}).status == "succeeded"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        pytest.param("/_sandbox/faults", {"fault": "nonsense"}, id="no such fault"),
        pytest.param("/_sandbox/faults", {"fault": "stall", "method": "PATCH"}, id="no such method"),
        pytest.param("/_sandbox/balance_transactions/late", {}, id="neither reads nor seconds"),
        pytest.param("/_sandbox/balance_transactions/late", {"reads": 1, "seconds": 1}, id="both"),
        pytest.param("/_sandbox/webhooks", {"delay": -1}, id="before its time"),
        pytest.param("/_sandbox/refunds/next", {"outcome": "succeeded"}, id="no plan"),
    ],
)
def test_a_senseless_fault_is_refused(sandbox, key, path, form):
    answer = requests.post(sandbox.url + path, data=form, headers={"Authorization": f"Bearer {key}"}, timeout=10)

    assert answer.status_code == 400
    assert "error" in answer.json()
