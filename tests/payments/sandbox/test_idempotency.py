import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe

from payments.sandbox.process import start_sandbox
from tests.payments.sandbox.tools import client_of, session_params, under, wait_until

HOUR = 3600


def test_the_same_request_under_the_same_key_gets_the_first_answer_again(client):
    options = under("purchase-7")
    first = client.v1.checkout.sessions.create(session_params(), options)

    again = client.v1.checkout.sessions.create(session_params(), options)

    assert again.to_dict() == first.to_dict()
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_a_key_cannot_be_used_with_other_parameters(client):
    options = under("purchase-7")
    client.v1.checkout.sessions.create(session_params(), options)

    with pytest.raises(stripe.IdempotencyError, match="same parameters") as refusal:
        client.v1.checkout.sessions.create(session_params(client_reference_id="8"), options)

    assert refusal.value.http_status == 400


def test_a_key_cannot_be_used_for_another_address(client, make_session):
    options = under("purchase-7")
    made = client.v1.checkout.sessions.create(session_params(), options)

    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.checkout.sessions.expire(made.id, {}, options)

    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"


def test_keys_of_two_accounts_do_not_meet(sandbox, client):
    options = under("purchase-7")
    other = client_of(sandbox, "sk_test_other_account_of_idempotency")

    first = client.v1.checkout.sessions.create(session_params(), options)
    second = other.v1.checkout.sessions.create(session_params(), options)

    assert first.id != second.id


def test_an_event_names_the_key_of_its_request(client, make_session):
    made = make_session()

    expired = client.v1.checkout.sessions.expire(made.id, {}, under("expire-7"))

    request = client.v1.events.list().data[0].request
    assert (request.id, request.idempotency_key) == (expired.last_response.request_id, "expire-7")


def test_a_refused_parameter_does_not_use_up_the_key(client):
    options = under("purchase-7")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(session_params(locale="xx"), options)

    made = client.v1.checkout.sessions.create(session_params(locale="en"), options)

    assert made.status == "open"


def test_a_refusal_by_the_state_of_things_is_kept_under_the_key(client, make_paid):
    paid = make_paid()
    options = under("refund-7")
    params = {"payment_intent": paid.payment_intent, "amount": 9000}

    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as refusal:
            client.v1.refunds.create(params, options)

    assert (refusal.value.headers or {})["Idempotent-Replayed"] == "true"


def test_a_key_is_forgotten_after_a_day(client, clock):
    options = under("purchase-7")
    first = client.v1.checkout.sessions.create(session_params(), options)

    clock.move(seconds=24 * HOUR - 60)
    still = client.v1.checkout.sessions.create(session_params(), options)
    clock.move(seconds=24 * HOUR + 60)
    new = client.v1.checkout.sessions.create(session_params(), options)

    assert still.id == first.id
    assert new.id != first.id


def test_a_second_request_while_the_first_is_running_is_told_to_wait(client, control):
    options = under("purchase-7")
    control.post("/_sandbox/faults", fault="stall", path="/v1/checkout/sessions")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.v1.checkout.sessions.create, session_params(), options)
        wait_until(lambda: control.get("/_sandbox/faults")["stalled"] == 1, "the first request to hang")

        with pytest.raises(stripe.APIError, match="another in-progress request") as refusal:
            client.v1.checkout.sessions.create(session_params(), options)
        control.post("/_sandbox/faults/release")

        assert refusal.value.http_status == 409
        made = first.result()
        assert client.v1.checkout.sessions.create(session_params(), options).id == made.id


@pytest.mark.parametrize(
    ("keyed", "made"),
    [pytest.param(True, 1, id="one key, one session"), pytest.param(False, 8, id="control: no key, eight sessions")],
)
def test_many_at_once_under_one_key_make_one_session(client, keyed, made):
    together = threading.Barrier(8)

    def create(_: int) -> str | None:
        together.wait(10)
        try:
            options = under("purchase-7") if keyed else None
            return str(client.v1.checkout.sessions.create(session_params(), options).id)
        except stripe.APIError as refusal:
            return None if refusal.http_status == 409 else f"refused with {refusal.http_status}"

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(create, range(8))) - {None}

    assert len(ids) == made
    assert {each.id for each in client.v1.checkout.sessions.list()} == ids


@pytest.mark.parametrize(
    ("fault", "refunds"),
    [pytest.param("500_after_commit", 1, id="after the work"), pytest.param("500_before", 0, id="before the work")],
)
def test_a_500_is_kept_under_the_key_whatever_was_done(client, make_paid, control, fault, refunds):
    paid = make_paid()
    control.post("/_sandbox/faults", fault=fault, path="/v1/refunds")

    for _ in range(2):
        with pytest.raises(stripe.APIError) as broken:
            client.v1.refunds.create({"payment_intent": paid.payment_intent}, under("refund-7"))
        assert broken.value.http_status == 500

    assert (broken.value.headers or {})["Idempotent-Replayed"] == "true"
    assert len(client.v1.refunds.list({"payment_intent": paid.payment_intent}).data) == refunds


def test_keys_and_objects_survive_a_killed_process(tmp_path):
    options = under("purchase-7")
    running = start_sandbox(tmp_path / "state.sqlite")
    first = client_of(running, "sk_test_kill").v1.checkout.sessions.create(session_params(), options)
    running.process.kill()
    running.stop()

    running = start_sandbox(tmp_path / "state.sqlite")
    again = client_of(running, "sk_test_kill").v1.checkout.sessions.create(session_params(), options)
    running.stop()

    assert again.id == first.id


def test_a_key_that_is_too_long_is_refused(sandbox, key):
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k" * 256}

    answer = requests.post(f"{sandbox.url}/v1/refunds", headers=headers, timeout=10)

    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")
