"""PaymentIntent, Charge, Refund and BalanceTransaction as Stripe writes them."""

from typing import Any

from payments.sandbox.call import new_id
from payments.sandbox.charge_details import approved
from payments.sandbox.params import words
from payments.sandbox.store import Body

_INTENT_NULLS = words(
    """application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer
    customer_account excluded_payment_method_types last_payment_error latest_charge managed_payments next_action
    on_behalf_of payment_method payment_method_configuration_details processing receipt_email review
    setup_future_usage shipping source statement_descriptor transfer_data"""
)
_CHARGE_NULLS = words(
    """application application_fee application_fee_amount customer failure_balance_transaction failure_code
    failure_message on_behalf_of receipt_email receipt_number review shipping source_transfer
    statement_descriptor transfer_data"""
)
_REFUND_NULLS = words(
    "customer customer_account payment_method receipt_number source_transfer_reversal transfer_reversal"
)
_DESCRIPTOR = "OFFICE HOURS TEST"
_TEXTS = {"refund": "REFUND FOR CHARGE", "refund_failure": "REFUND FAILURE"}


def processing_fee(amount: int) -> int:
    """1.5 % and 25 minor units; half a unit is rounded up. Stripe's own fees differ by card and country."""
    return (amount * 15 + 500) // 1000 + 25


def intent(session: Body, now: int) -> Body:
    """What a session is to be paid by, before any method was tried."""
    told: dict[str, Any] = session["_payment_intent_data"]
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        **dict.fromkeys(_INTENT_NULLS),
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "description": told.get("description"),
        "livemode": False,
        "metadata": told.get("metadata", {}),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "statement_descriptor_suffix": told.get("statement_descriptor_suffix"),
        "transfer_group": told.get("transfer_group"),
    }


def charge(tried: Body, customer: Body, details: Body, now: int) -> Body:
    """A charge that succeeded and is not booked yet; metadata and texts come from the intent, as at Stripe."""
    copied = ("amount", "currency", "description", "metadata", "transfer_group")
    suffix = tried["statement_descriptor_suffix"]
    return {
        "id": new_id("ch"),
        "object": "charge",
        **dict.fromkeys(_CHARGE_NULLS),
        **{key: tried[key] for key in copied},
        "amount_captured": tried["amount"],
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {key: customer[key] for key in ("address", "email", "name", "phone")} | {"tax_id": None},
        "calculated_statement_descriptor": f"{_DESCRIPTOR[:10]}* {suffix}"[:22] if suffix else _DESCRIPTOR,
        "captured": True,
        "created": now,
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "outcome": approved(),
        "paid": True,
        "payment_intent": tried["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": details,
        "radar_options": {},
        "receipt_url": None,
        "refunded": False,
        "source": None,
        "statement_descriptor_suffix": suffix,
        "status": "succeeded",
    }


def refund(charged: Body, amount: int, told: dict[str, Any], now: int) -> Body:
    """A refund that succeeded and is not booked yet. What Stripe says only of pending or failed ones is absent."""
    to_card = {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"}
    destination = {"destination_details": to_card} if charged["payment_method_details"]["type"] == "card" else {}
    return {
        "id": new_id("re"),
        "object": "refund",
        **dict.fromkeys(_REFUND_NULLS),
        **destination,
        "amount": amount,
        "balance_transaction": None,
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "metadata": told.get("metadata", {}),
        "payment_intent": charged["payment_intent"],
        "reason": told.get("reason"),
        "status": "succeeded",
    }


def balance_transaction(source: Body, amount: int, fee: int, now: int, kind: str | None = None) -> Body:
    """`amount` is signed: what came in is positive. The money is available at once. `kind` is the source's own."""
    detail = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    booked_as = kind or source["object"]
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description") or _TEXTS.get(booked_as),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [detail | {"description": "Stripe processing fees"}] if fee else [],
        "net": amount - fee,
        "reporting_category": booked_as,
        "source": source["id"],
        "status": "available",
        "type": booked_as,
    }
