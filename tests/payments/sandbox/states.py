"""What the stand-in is asked about: a session in each state that it can be in, and a disputed payment."""

from collections.abc import Callable

import pytest
import requests

from tests.payments.sandbox.tools import Json, of_amount

DEEP = "expand[]=payment_intent.latest_charge.balance_transaction&expand[]=line_items&expand[]=invoice"


@pytest.fixture
def get(sandbox, key) -> Callable[..., Json]:
    def ask(path: str, method: str = "GET", **form: str) -> Json:
        answer = requests.request(method, sandbox.url + path, data=form, auth=(key, ""), timeout=10)
        body: Json = answer.json()
        return body

    return ask


@pytest.fixture
def make(client, make_session, control) -> dict[str, Callable[[], str]]:
    """A session in each state, by name; returns its id."""

    def pressed(*outcomes: str, **params: object) -> str:
        made = make_session(**params)
        for outcome in outcomes:
            control.pay(made.id, outcome)
        return str(made.id)

    def changed(what: str, *outcomes: str, **body: object) -> str:
        made = make_session()
        control.post(f"/_sandbox/sessions/{made.id}/{what}", **body)
        for outcome in outcomes:
            control.pay(made.id, outcome)
        return str(made.id)

    def settled(outcome: str) -> str:
        made = pressed("slow")
        control.post(f"/_sandbox/sessions/{made}/settle", outcome=outcome)
        return made

    def expired(*outcomes: str) -> str:
        made = pressed(*outcomes)
        client.v1.checkout.sessions.expire(made)
        return made

    def coded() -> str:
        coupon = client.v1.coupons.create({"amount_off": 50, "currency": "eur"})
        code = client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}})
        return pressed("paid", discounts=[{"promotion_code": code.id}])

    def late() -> str:
        control.post("/_sandbox/balance_transactions/late", reads=5)
        return pressed("paid")

    full = {
        "customer_email": "ada@example.com",
        "allow_promotion_codes": True,
        "automatic_tax": {"enabled": True},
        "billing_address_collection": "required",
        "excluded_payment_method_types": ["sepa_debit"],
        "invoice_creation": {"enabled": True},
        "metadata": {"payment": "7"},
        "payment_intent_data": {"metadata": {"payment": "7"}, "statement_descriptor_suffix": "MENTOR 7F3K"},
    }
    return {
        "open": pressed,
        "open with all that the shop sends": lambda: pressed(**full),
        "paid with all that the shop sends": lambda: pressed("paid", **full),
        "paid": lambda: pressed("paid"),
        "paid after 3-D Secure": lambda: pressed("3ds_yes"),
        "refused at the bank": lambda: pressed("3ds_no"),
        "declined": lambda: pressed("declined"),
        "declined for funds, then paid": lambda: pressed("insufficient_funds", "paid"),
        "processing": lambda: pressed("slow"),
        "paid slowly": lambda: settled("succeed"),
        "failed slowly": lambda: settled("fail"),
        "expired": expired,
        "expired after a decline": lambda: expired("declined"),
        "free": lambda: pressed("paid", line_items=of_amount(0)),
        "free by a discount": lambda: changed("discount", "paid", percent_off=100),
        "reduced by a code": coded,
        "taxed": lambda: changed("tax", "paid", amount=1610),
        "booked late": late,
    }


STATES = [
    "open",
    "open with all that the shop sends",
    "paid with all that the shop sends",
    "paid",
    "paid after 3-D Secure",
    "refused at the bank",
    "declined",
    "declined for funds, then paid",
    "processing",
    "paid slowly",
    "failed slowly",
    "expired",
    "expired after a decline",
    "free",
    "free by a discount",
    "reduced by a code",
    "taxed",
    "booked late",
]


def warned_and_disputed(client, make_paid, control, **wanted) -> str:
    intent = make_paid().payment_intent
    control.post(f"/_sandbox/payments/{intent}/warn")
    control.post(f"/_sandbox/payments/{intent}/dispute", **wanted)
    return str(client.v1.disputes.list({"payment_intent": intent}).data[0].id)
