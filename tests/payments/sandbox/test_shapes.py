"""Answers against the official library's own types: nothing it does not know, nothing missing that it always has."""

import types
from collections.abc import Callable
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import pytest
import requests
import stripe

# Only when expanded, of deleted objects, of refunds that are pending or failed, once (secret), in Connect, in another
# currency, on an embedded page, or where the shop never goes.
NOT_ALWAYS = {
    "session": {
        "line_items",
        "name_collection",
        "presentment_details",
        "redirect_on_completion",
        "return_url",
        "tax_id_collection",
    },
    "intent": {
        "allowed_payment_method_types",
        "amount_details",
        "hooks",
        "payment_details",
        "payment_record",
        "presentment_details",
    },
    "charge": {"authorization_code", "level3", "presentment_details", "refunds", "transfer"},
    "refund": {
        "description",
        "failure_balance_transaction",
        "failure_reason",
        "instructions_email",
        "next_action",
        "pending_reason",
        "presentment_details",
    },
    "transaction": set[str](),
    "line": {"discounts", "taxes"},
    "event": {"account", "context"},
    "endpoint": {"deleted", "secret"},
    "balance": {"connect_reserved", "instant_available", "issuing", "refund_and_dispute_prefunding"},
}
SHAPES: dict[str, type[stripe.StripeObject]] = {
    "session": stripe.checkout.Session,
    "intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "transaction": stripe.BalanceTransaction,
    "line": stripe.LineItem,
    "event": stripe.Event,
    "endpoint": stripe.WebhookEndpoint,
    "balance": stripe.Balance,
}


def complaints(shape: Any, value: Any, path: str) -> list[str]:
    """What of a JSON value does not fit a type of the library; types it only names (ForwardRef) are not followed."""
    origin, inner = get_origin(shape), get_args(shape)
    if shape is Any or isinstance(shape, ForwardRef | str):
        return []
    if origin is Union or origin is types.UnionType:
        options = [complaints(each, value, path) for each in inner]
        return [] if [] in options else min(options, key=len)
    if origin is Literal:
        return [] if value in inner else [f"{path}: {value!r} is none of {inner[:3]}…"]
    if origin is list:
        return [wrong for each in value or [] for wrong in complaints(inner[0], each, f"{path}[]")]
    if shape is type(None):
        return [] if value is None else [f"{path}: not null"]
    if isinstance(shape, type) and issubclass(shape, stripe.StripeObject):
        return _of_object(shape, value, path)
    if shape in (int, str, bool, float):
        return [] if type(value) is shape else [f"{path}: {value!r} is no {shape.__name__}"]
    return []


def fields_of(shape: type[stripe.StripeObject]) -> dict[str, Any]:
    return {name: kind for name, kind in shape.__annotations__.items() if name.islower() and not name.startswith("_")}


def _of_object(shape: type[stripe.StripeObject], value: Any, path: str) -> list[str]:
    fields = fields_of(shape)
    if not fields:
        return []
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {shape.__name__}"]
    unknown = [f"{path}.{name}: unknown" for name in value.keys() - fields.keys()]
    required = {name for name, kind in fields.items() if type(None) not in get_args(kind)}
    absent = [f"{path}.{name}: missing" for name in required - value.keys()]
    present = fields.keys() & value.keys()
    wrong = [each for name in present for each in complaints(fields[name], value[name], f"{path}.{name}")]
    return unknown + absent + wrong


@pytest.fixture
def answers(sandbox, key, client, make_paid, endpoint) -> dict[str, Callable[[], dict[str, Any]]]:
    """One of each object, as JSON, made by a paid and partly refunded session."""
    paid = make_paid(customer_email="ada@example.com")
    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 50})

    def get(path: str) -> dict[str, Any]:
        answer = requests.get(sandbox.url + path, headers={"Authorization": f"Bearer {key}"}, timeout=10)
        body: dict[str, Any] = answer.json()
        return body

    return {
        "session": lambda: get(f"/v1/checkout/sessions/{paid.id}"),
        "intent": lambda: get(f"/v1/payment_intents/{paid.payment_intent}"),
        "charge": lambda: get(f"/v1/charges/{refund.charge}"),
        "refund": lambda: get(f"/v1/refunds/{refund.id}"),
        "transaction": lambda: get(f"/v1/balance_transactions/{refund.balance_transaction}"),
        "line": lambda: get(f"/v1/checkout/sessions/{paid.id}/line_items")["data"][0],
        "event": lambda: get("/v1/events")["data"][0],
        "endpoint": lambda: get(f"/v1/webhook_endpoints/{endpoint.id}"),
        "balance": lambda: get("/v1/balance"),
    }


@pytest.mark.parametrize("name", SHAPES)
def test_an_answer_has_the_shape_that_the_library_knows(answers, name):
    body = answers[name]()

    assert complaints(SHAPES[name], body, name) == []
    assert fields_of(SHAPES[name]).keys() - body.keys() == NOT_ALWAYS[name]


def test_the_shape_check_sees_what_is_wrong():
    wrong = {"id": 7, "colour": "red"}

    found = complaints(stripe.Refund, wrong, "refund")

    assert "refund.colour: unknown" in found
    assert "refund.id: 7 is no str" in found
    assert "refund.amount: missing" in found
