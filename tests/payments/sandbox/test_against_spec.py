"""Everything that the stand-in answers, tells and takes, held against Stripe's own OpenAPI document."""

import re
from pathlib import Path

import pytest
import requests

import payments.sandbox
from payments.sandbox.api import Route
from payments.sandbox.params import Group, Kind, Several, Text
from payments.sandbox.routes import ROUTES
from tests.payments.sandbox.spec import spec
from tests.payments.sandbox.states import DEEP, STATES, get, make, warned_and_disputed
from tests.payments.sandbox.tools import Json, under

__all__ = ["get", "make"]

EVENT_TYPE = re.compile(r'"((?:checkout\.session|payment_intent|charge|refund|radar\.early_fraud_warning)\.[a-z_.]+)"')


@pytest.mark.parametrize("state", STATES)
def test_a_session_its_intent_and_its_charge_are_as_stripe_describes_them_in_every_state(make, get, state):
    made = make[state]()

    plain, deep = get(f"/v1/checkout/sessions/{made}"), get(f"/v1/checkout/sessions/{made}?{DEEP}")

    assert spec().wrong_object(plain) == []
    assert spec().wrong_object(deep) == []
    assert spec().wrong_object(get(f"/v1/checkout/sessions/{made}/line_items")) == []
    if intent := plain["payment_intent"]:
        assert spec().wrong_object(get(f"/v1/payment_intents/{intent}")) == []
        charge = deep["payment_intent"]["latest_charge"]
        assert charge is None or spec().wrong_object(get(f"/v1/charges/{charge['id']}?expand[]=refunds")) == []


@pytest.mark.parametrize(
    ("plan", "settled"),
    [
        pytest.param(None, None, id="succeeded"),
        pytest.param("pending", None, id="pending at the bank"),
        pytest.param("insufficient_funds", None, id="pending for want of funds"),
        pytest.param("pending", "succeed", id="succeeded later"),
        pytest.param("pending", "fail", id="failed while pending"),
        pytest.param(None, "fail", id="sent back days later"),
        pytest.param("failed", None, id="failed at once"),
    ],
)
def test_a_refund_and_what_it_books_are_as_stripe_describes_them_in_every_state(
    client, make_paid, control, get, plan, settled
):
    if plan:
        control.post("/_sandbox/refunds/next", outcome=plan)
    intent = make_paid().payment_intent
    refund = client.v1.refunds.create({"payment_intent": intent, "amount": 50, "metadata": {"refund": "1"}})
    if settled:
        control.post(f"/_sandbox/refunds/{refund.id}/settle", outcome=settled)

    answers = [
        get(f"/v1/refunds/{refund.id}"),
        get(f"/v1/refunds/{refund.id}?expand[]=charge&expand[]=balance_transaction&expand[]=payment_intent"),
        get(f"/v1/refunds/{refund.id}?expand[]=failure_balance_transaction"),
        get("/v1/refunds"),
        get("/v1/balance_transactions"),
        get("/v1/balance"),
        get(f"/v1/charges/{refund.charge}"),
    ]

    assert [spec().wrong_object(each) for each in answers] == [[]] * len(answers)


def test_what_goes_back_of_an_exchanged_payment_is_as_stripe_describes_it(client, make_paid, control, get):
    control.post("/_sandbox/balance_transactions/exchange", currency="usd", rate="1.085", times=2)
    control.post("/_sandbox/balance_transactions/exchange_back", rate="1.1")
    refund = client.v1.refunds.create({"payment_intent": make_paid().payment_intent, "amount": 1000})
    control.post(f"/_sandbox/refunds/{refund.id}/settle", outcome="fail")
    dispute = control.post(f"/_sandbox/payments/{make_paid().payment_intent}/dispute")["dispute"]["id"]

    found = get("/v1/balance_transactions")
    answers = [found, get(f"/v1/refunds/{refund.id}"), get(f"/v1/disputes/{dispute}"), get("/v1/balance")]

    assert [spec().wrong_object(each) for each in answers] == [[]] * len(answers)
    later = [each for each in found["data"] if each["type"] != "charge"]
    assert [(each["type"], each["amount"], each["exchange_rate"]) for each in reversed(later)] == [
        ("refund", -1100, 1.1),
        ("refund_failure", 1085, 1.085),
        ("adjustment", -8734, 1.085),
    ]
    assert {each["currency"] for each in found["data"]} == {"usd"}


@pytest.fixture
def story(client, make, make_paid, control, endpoint) -> None:
    """Everything that makes an event."""
    for each in make.values():
        each()
    control.post("/_sandbox/tax/registrations", country="NL")
    control.post("/_sandbox/refunds/next", outcome="failed")
    intent = make_paid().payment_intent
    for _ in range(2):
        refund = client.v1.refunds.create({"payment_intent": intent, "amount": 50})
    control.post(f"/_sandbox/refunds/{refund.id}/settle", outcome="fail")
    control.post("/_sandbox/balance_transactions/late", reads=1)
    charge = client.v1.payment_intents.retrieve(make_paid().payment_intent).latest_charge
    client.v1.charges.retrieve(charge)
    inquiry = warned_and_disputed(client, make_paid, control, kind="inquiry")
    control.post(f"/_sandbox/disputes/{inquiry}/decide", decision="chargeback")
    client.v1.disputes.update(inquiry, {"evidence": {"uncategorized_text": "It took place."}})
    control.post(f"/_sandbox/disputes/{inquiry}/decide", decision="won")


@pytest.mark.parametrize(
    ("kind", "decisions"),
    [
        pytest.param("chargeback", [], id="to be answered"),
        pytest.param("chargeback", ["answered"], id="under review"),
        pytest.param("chargeback", ["won"], id="won"),
        pytest.param("chargeback", ["answered", "lost"], id="lost after an answer"),
        pytest.param("chargeback", ["lost", "won"], id="lost, and won later"),
        pytest.param("inquiry", [], id="an inquiry"),
        pytest.param("inquiry", ["answered"], id="an inquiry that is answered"),
        pytest.param("inquiry", ["closed"], id="an inquiry that is closed"),
        pytest.param("inquiry", ["chargeback", "lost"], id="an inquiry that became a chargeback"),
    ],
)
def test_a_dispute_its_charge_and_what_it_books_are_as_stripe_describes_them_in_every_state(
    client, make_paid, control, get, kind, decisions
):
    dispute = warned_and_disputed(client, make_paid, control, kind=kind)
    for decision in decisions:
        if decision == "answered":
            client.v1.disputes.update(dispute, {"evidence": {"uncategorized_text": "It took place."}})
        else:
            control.post(f"/_sandbox/disputes/{dispute}/decide", decision=decision)

    found = get(f"/v1/disputes/{dispute}?expand[]=charge&expand[]=payment_intent")
    [warning] = get("/v1/radar/early_fraud_warnings")["data"]
    answers = [
        found,
        get("/v1/disputes"),
        get(f"/v1/charges/{found['charge']['id']}"),
        get("/v1/balance_transactions"),
        get(f"/v1/radar/early_fraud_warnings/{warning['id']}?expand[]=charge"),
    ]

    assert [spec().wrong_object(each) for each in answers] == [[]] * len(answers)
    assert not warning["actionable"]


def test_an_event_of_every_type_and_what_it_is_about_are_as_stripe_describes_them(story, get):
    folder = Path(payments.sandbox.__file__).parent
    known = {found for file in folder.glob("*.py") for found in EVENT_TYPE.findall(file.read_text(encoding="utf-8"))}

    every = get("/v1/events?limit=100")["data"]

    assert {event["type"] for event in every} == known
    assert [wrong for event in every for wrong in spec().wrong_event(event)] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/checkout/sessions?limit=100",
        "/v1/checkout/sessions?expand[]=data.payment_intent",
        "/v1/refunds",
        "/v1/balance_transactions?limit=100",
        "/v1/events?limit=3",
        "/v1/webhook_endpoints",
        "/v1/promotion_codes",
        "/v1/disputes",
        "/v1/tax/registrations",
        "/v1/radar/early_fraud_warnings",
    ],
)
def test_lists_are_as_stripe_describes_them(story, get, path):
    listed = get(path)

    assert listed["data"]
    assert spec().wrong_object(listed) == []


def test_an_endpoint_is_as_stripe_describes_it_from_its_making_to_its_end(get, inbox):
    url = "/v1/webhook_endpoints"
    made = get(url, "POST", url=inbox.url, **{"enabled_events[0]": "*"})

    answers = [made, get(f"{url}/{made['id']}"), get(f"{url}/{made['id']}", "DELETE")]

    assert [spec().wrong_object(each) for each in answers] == [[], [], []]
    assert ("secret" in answers[0], "secret" in answers[1], answers[2]["deleted"]) == (True, False, True)


def test_coupons_and_codes_are_as_stripe_describes_them(get):
    coupon = get("/v1/coupons", "POST", percent_off="12.5", name="Spring")
    code = get("/v1/promotion_codes", "POST", **{"promotion[type]": "coupon", "promotion[coupon]": coupon["id"]})

    answers = [coupon, get(f"/v1/coupons/{coupon['id']}"), code, get(f"/v1/promotion_codes/{code['id']}")]

    assert [spec().wrong_object(each) for each in answers] == [[], [], [], []]


@pytest.mark.parametrize(
    ("fault", "status"), [(None, 400), ("lock_timeout", 409), ("rate_limit", 429), ("500_before", 500)]
)
def test_refusals_are_as_stripe_describes_them(sandbox, key, control, fault, status):
    if fault:
        control.post("/_sandbox/faults", fault=fault, path="/v1/refunds")

    form = {} if status == 400 else {"charge": "ch"}
    answer = requests.post(f"{sandbox.url}/v1/refunds", data=form, auth=(key, ""), timeout=10)

    assert answer.status_code == status
    assert spec().wrong_object(answer.json()) == []


def test_refusals_of_keys_addresses_and_objects_are_as_stripe_describes_them(sandbox, client, key, get, make_session):
    used = under("one")
    made = make_session()
    client.v1.checkout.sessions.expire(made.id, {}, used)
    path = f"/v1/checkout/sessions/{made.id}/expire"
    other = requests.post(
        sandbox.url + path, {"expand[]": "line_items"}, auth=(key, ""), headers={"Idempotency-Key": "one"}, timeout=10
    )

    refusals = [other.json(), get("/v1/nowhere"), get("/v1/refunds/re_none"), get(path, "POST")]
    refusals.append(requests.get(f"{sandbox.url}/v1/refunds", timeout=10).json())

    assert all("error" in each for each in refusals)
    assert [spec().wrong_object(each) for each in refusals] == [[]] * len(refusals)


def unknown_to_stripe(kind: Kind, schema: Json, path: str) -> list[str]:
    """What of a parameter of the stand-in goes beyond Stripe's own description of it."""
    choices = [schema, *schema.get("anyOf", [])]
    if isinstance(kind, Group):
        fields: Json = next((each["properties"] for each in choices if "properties" in each), {})
        extra = [f"{path}.{name}: unknown" for name in kind.fields if name not in fields]
        inside = [(kind.fields[name], fields[name], f"{path}.{name}") for name in kind.fields if name in fields]
        return extra + [wrong for each in inside for wrong in unknown_to_stripe(*each)]
    if isinstance(kind, Several):
        return unknown_to_stripe(kind.of, next(each["items"] for each in choices if "items" in each), f"{path}[]")
    words = {word for each in choices for word in each.get("enum", [])}
    if isinstance(kind, Text) and kind.one_of and words:
        return [f"{path}: {word} is no choice" for word in sorted(kind.one_of - words)]
    return []


def described(route: Route) -> Json:
    operation = spec().operation(route.method, re.sub(r"<\w+>", "x", route.rule))
    form: Json = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    asked = {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "query"}
    return {"properties": asked | form.get("properties", {})}


DESCRIBED = [route for route in ROUTES if not route.rule.startswith("/v2/")]
"""The document has no v2: `test_accounts.py` holds that against the library's types."""


@pytest.mark.parametrize("route", DESCRIBED, ids=lambda route: f"{route.method} {route.rule}")
def test_the_stand_in_takes_no_parameter_that_stripe_does_not_take(route):
    assert unknown_to_stripe(route.takes, described(route), route.rule) == []
