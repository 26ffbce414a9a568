"""Every request that the gateway sends, with the parameters of a real sale, held against Stripe's own document."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stripe

from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from payments.models.sales import StripeCommand
from payments.queries import sales as queries
from payments.sandbox.form import pairs, tree
from payments.stripe_api.gateway import StripeGateway
from tests.payments.recording import Asked, Recorder, recording
from tests.payments.sandbox.spec import spec
from tests.stripe_side import StripeSide

ASKS_NOTHING = {"verify"}
PAYMENT_EVENTS = ["checkout.session.completed", "refund.failed"]


@pytest.fixture
def recorder(sandbox: Any) -> Iterator[Recorder]:
    with recording(sandbox.url) as recorder:
        yield recorder


@pytest.fixture
def settings(settings: Settings, recorder: Recorder) -> Settings:
    """With all that may be asked of a checkout."""
    more = {"promotion_codes": True, "tax": "exclusive", "tax_code": "txcd_20030000", "invoices": True}
    return replace(settings, stripe_api_base=recorder.url, **more)  # type: ignore[arg-type]


@pytest.fixture
def gateway(settings: Settings) -> StripeGateway:
    return StripeGateway(settings)


@pytest.fixture
def asks(session, gateway, stripe_side: StripeSide, bought: queries.Sale) -> dict[str, Callable[[], object]]:
    """Every question of the gateway by the name of its method, about one sale that is paid and partly given back."""
    assert bought.payment is not None
    checkout, since = str(bought.payment.stripe_session_id), utcnow() - timedelta(hours=1)
    reference, command = bought.payment.public_id, session.get(StripeCommand, bought.payment.command_id)
    params = dict(command.params)
    stripe_side.pay(checkout)
    intent = stripe_side.get(f"/v1/checkout/sessions/{checkout}")["payment_intent"]
    wanted = {"payment_intent": intent, "amount": 50, "metadata": {"refund": "refund-1"}}
    refund = stripe_side.post("/v1/refunds", payment_intent=intent, amount=70)["id"]
    session.rollback()
    return {
        "create_checkout": lambda: gateway.create_checkout(params, "another"),
        "fetch_checkout": lambda: gateway.fetch_checkout(checkout),
        "find_checkout": lambda: gateway.find_checkout(reference, since),
        "expire_checkout": lambda: gateway.expire_checkout(checkout),
        "create_refund": lambda: gateway.create_refund(wanted, "refund-1"),
        "fetch_refund": lambda: gateway.fetch_refund(refund),
        "find_refund": lambda: gateway.find_refund(intent, "refund-1"),
        "fetch_receipt": lambda: gateway.fetch_receipt(checkout),
        "collects_tax": lambda: gateway.collects_tax(),  # noqa: PLW0108 - named like the others
        "settled_currencies": lambda: gateway.settled_currencies(),  # noqa: PLW0108
        "fetch_settled": lambda: gateway.fetch_settled(intent),
        "sessions_since": lambda: gateway.sessions_since(since),
        "refunds_since": lambda: gateway.refunds_since(since),
        "undelivered_events": lambda: gateway.undelivered_events(since, PAYMENT_EVENTS),
        "endpoints": lambda: gateway.endpoints(),  # noqa: PLW0108 - named like the others
    }


def wrong(asked: Asked) -> list[str]:
    return spec().wrong_request(asked.method, asked.path, asked.query, asked.form)


def test_whatever_the_gateway_asks_is_what_stripe_takes(recorder, asks):
    questions = {name for name in vars(StripeGateway) if not name.startswith("_")} - ASKS_NOTHING
    sent: dict[str, list[Asked]] = {}

    for name, ask in asks.items():
        before = len(recorder.asked)
        ask()
        sent[name] = recorder.asked[before:]

    assert asks.keys() == questions
    assert all(sent.values())
    assert {
        name: lines for name, each in sent.items() if (lines := [line for one in each for line in wrong(one)])
    } == {}
    assert {one.headers["Stripe-Version"] for each in sent.values() for one in each} == {stripe.api_version}


def test_a_sale_asks_for_a_session_that_stripe_would_make(recorder, bought):
    [asked] = [each for each in recorder.asked if each.method == "POST"]

    sent: Any = tree(pairs(asked.form))

    assert (asked.path, wrong(asked)) == ("/v1/checkout/sessions", [])
    assert asked.headers["Idempotency-Key"]
    assert sent["metadata"]["payment"] == bought.payment.public_id
    assert "{CHECKOUT_SESSION_ID}" in sent["success_url"]


def test_the_judge_would_see_a_request_that_stripe_refuses(recorder, gateway, bought):
    [asked] = [each for each in recorder.asked if each.method == "POST"]

    assert wrong(replace(asked, form=f"{asked.form}&colour=red"))
    assert wrong(replace(asked, form=asked.form.replace("mode=payment", "mode=sometimes")))
