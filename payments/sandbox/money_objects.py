"""PaymentIntent, Charge, Refund and BalanceTransaction as Stripe writes them."""

from typing import Any

from payments.sandbox.call import new_id
from payments.sandbox.params import words
from payments.sandbox.store import Body

_INTENT_NULLS = words(
    """amount_details application application_fee_amount automatic_payment_methods canceled_at
    cancellation_reason customer customer_account excluded_payment_method_types last_payment_error
    managed_payments next_action on_behalf_of payment_method_configuration_details presentment_details
    processing receipt_email review setup_future_usage shipping source statement_descriptor
    transfer_data"""
)
_CHARGE_NULLS = words(
    """application application_fee application_fee_amount customer failure_balance_transaction failure_code
    failure_message on_behalf_of receipt_email receipt_number review shipping source_transfer
    statement_descriptor transfer_data"""
)
_REFUND_NULLS = words(
    """customer customer_account failure_balance_transaction failure_reason instructions_email next_action
    payment_method pending_reason presentment_details receipt_number source_transfer_reversal
    transfer_reversal"""
)
_DESCRIPTOR = "OFFICE HOURS TEST"


def processing_fee(amount: int) -> int:
    """1.5 % and 25 minor units; half a unit is rounded up. Stripe's own fees differ by card and country."""
    return (amount * 15 + 500) // 1000 + 25


def intent(session: Body, now: int) -> Body:
    """A payment that has succeeded; its `latest_charge` is set by who makes the charge."""
    told: dict[str, Any] = session["_payment_intent_data"]
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        **dict.fromkeys(_INTENT_NULLS),
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": session["amount_total"],
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "description": told.get("description"),
        "latest_charge": None,
        "livemode": False,
        "metadata": told.get("metadata", {}),
        "payment_method": new_id("pm"),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "succeeded",
        "statement_descriptor_suffix": told.get("statement_descriptor_suffix"),
        "transfer_group": told.get("transfer_group"),
    }


def charge(paid: Body, customer: Body, now: int) -> Body:
    """The card's charge of a paid intent, captured; metadata and texts come from the intent, as at Stripe."""
    copied = ("amount", "currency", "description", "metadata", "payment_method", "transfer_group")
    suffix = paid["statement_descriptor_suffix"]
    return {
        "id": new_id("ch"),
        "object": "charge",
        **dict.fromkeys(_CHARGE_NULLS),
        **{key: paid[key] for key in copied},
        "amount_captured": paid["amount"],
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {key: customer[key] for key in ("address", "email", "name", "phone")} | {"tax_id": None},
        "calculated_statement_descriptor": f"{_DESCRIPTOR[:10]}* {suffix}"[:22] if suffix else _DESCRIPTOR,
        "captured": True,
        "created": now,
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "outcome": _approved(),
        "paid": True,
        "payment_intent": paid["id"],
        "payment_method_details": {"type": "card", "card": _card()},
        "radar_options": {},
        "receipt_url": None,
        "refunded": False,
        "source": None,
        "statement_descriptor_suffix": suffix,
        "status": "succeeded",
    }


def _approved() -> Body:
    codes = dict.fromkeys(("advice_code", "network_advice_code", "network_decline_code", "reason"))
    return codes | {
        "network_status": "approved_by_network",
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def _card() -> Body:
    return {
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": "OfficeHoursTestX",
        "funding": "credit",
        "installments": None,
        "last4": "4242",
        "mandate": None,
        "network": "visa",
        "three_d_secure": None,
        "wallet": None,
    }


def refund(charged: Body, amount: int, told: dict[str, Any], now: int) -> Body:
    return {
        "id": new_id("re"),
        "object": "refund",
        **dict.fromkeys(_REFUND_NULLS),
        "amount": amount,
        "balance_transaction": None,
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "destination_details": {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"},
        "metadata": told.get("metadata", {}),
        "payment_intent": charged["payment_intent"],
        "reason": told.get("reason"),
        "status": "succeeded",
    }


def balance_transaction(source: Body, amount: int, fee: int, now: int) -> Body:
    """`amount` is signed: what came in is positive. The money is available at once."""
    detail = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description") or ("REFUND FOR CHARGE" if source["object"] == "refund" else None),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [detail | {"description": "Stripe processing fees"}] if fee else [],
        "net": amount - fee,
        "reporting_category": source["object"],
        "source": source["id"],
        "status": "available",
        "type": source["object"],
    }
