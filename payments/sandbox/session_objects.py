"""The Checkout Session and its lines as Stripe writes them (https://docs.stripe.com/api/checkout/sessions/object).

Keys that begin with an underscore are the stand-in's own and are never shown.
"""

from typing import Any

from payments.sandbox.call import new_id
from payments.sandbox.params import words
from payments.sandbox.store import Body

_NULL_UNLESS_USED = words(
    """after_expiration allowed_payment_method_types client_secret
    collected_information consent currency_conversion customer customer_account invoice managed_payments
    optional_items origin_context payment_intent payment_link payment_method_configuration_details permissions
    recovered_from saved_payment_method_options setup_intent shipping_address_collection shipping_cost
    subscription"""
)
_EMPTY_TEXT = dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))
_AS_GIVEN = words(
    """allow_promotion_codes billing_address_collection cancel_url client_reference_id customer_email
    integration_identifier locale submit_type success_url"""
)


def public(body: Body) -> Body:
    return {key: value for key, value in body.items() if not key.startswith("_")}


def line_item(item: dict[str, Any], currency: str, now: int) -> Body:
    price, product = item["price_data"], item["price_data"]["product_data"]
    quantity = item.get("quantity", 1)
    total = price["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": currency,
        "description": product["name"],
        "metadata": item.get("metadata", {}),
        "price": _price(price, currency, now),
        "quantity": quantity,
        "_about": product.get("description"),
    }


def _price(price: dict[str, Any], currency: str, now: int) -> Body:
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod", 14),
        "recurring": None,
        "tax_behavior": price.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }


def session(params: dict[str, Any], items: list[Body], *, now: int, expires_at: int, base_url: str) -> Body:
    """A new one, open; `payment_intent` stays null until it is paid."""
    session_id = new_id("cs_test", 58)
    total = sum(item["amount_total"] for item in items)
    email = params.get("customer_email")
    return {
        "id": session_id,
        "object": "checkout.session",
        **dict.fromkeys(_NULL_UNLESS_USED),
        **{key: params.get(key) for key in _AS_GIVEN},
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "branding_settings": _branding(),
        "automatic_tax": automatic_tax(enabled=params.get("automatic_tax", {}).get("enabled", False)),
        "consent_collection": params.get("consent_collection"),
        "created": now,
        "currency": items[0]["currency"],
        "custom_fields": [],
        "custom_text": _EMPTY_TEXT | params.get("custom_text", {}),
        "customer_creation": "if_required",
        "customer_details": customer(email, None) if email else None,
        "discounts": [],
        "excluded_payment_method_types": params.get("excluded_payment_method_types", []),
        "expires_at": expires_at,
        "invoice_creation": params.get("invoice_creation", {"enabled": False}) | {"invoice_data": _no_invoice()},
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid" if total else "no_payment_required",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": params.get("ui_mode", "hosted_page"),
        "url": f"{base_url}/c/pay/{session_id}",
        "wallet_options": None,
        "_base_url": base_url,
        "_line_items": items,
        "_payment_intent_data": params.get("payment_intent_data", {}),
    }


def automatic_tax(*, enabled: bool) -> Body:
    if not enabled:
        return {"enabled": False, "liability": None, "provider": None, "status": None}
    return {"enabled": True, "liability": {"type": "self"}, "provider": "stripe", "status": "complete"}


def customer(email: str | None, name: str | None) -> Body:
    unknown = dict.fromkeys(("address", "business_name", "individual_name", "phone"))
    return unknown | {"email": email, "name": name, "tax_exempt": "none", "tax_ids": []}


def _no_invoice() -> Body:
    nothing = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    return dict.fromkeys(nothing) | {"metadata": {}}


def _branding() -> Body:
    return {
        "background_color": "#fbf8f3",
        "border_style": "rounded",
        "button_color": "#1d5f4c",
        "display_name": "Office Hours test",
        "font_family": "default",
        "icon": None,
        "logo": None,
    }
