"""What a Checkout Session may be asked for (https://docs.stripe.com/api/checkout/sessions/create)."""

import re
from typing import Any

from payments.sandbox.currencies import check_currency, check_step, check_total
from payments.sandbox.errors import ApiError
from payments.sandbox.listing import EXPAND, LISTING, PAGING
from payments.sandbox.params import Flag, Group, Metadata, Several, Text, Whole, words
from payments.sandbox.store import Body

_LOCALES = words(
    """auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl
    pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"""
)
_METHODS = words(
    """acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact
    billie bizum blik boleto card cashapp crypto customer_balance eps fpx giropay grabpay ideal
    kakao_pay klarna konbini kr_card mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24
    pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay
    sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip"""
)
_EARLIEST, _LATEST = 30 * 60, 24 * 60 * 60

_PRODUCT = Group({"name": Text(), "description": Text(), "metadata": Metadata(), "tax_code": Text()}, words("name"))
_PRICE = Group(
    {
        "currency": Text(),
        "unit_amount": Whole(least=0),
        "product_data": _PRODUCT,
        "tax_behavior": Text(one_of=words("exclusive inclusive unspecified")),
    },
    words("currency unit_amount product_data"),
)
_ITEM = Group({"price_data": _PRICE, "quantity": Whole(least=1), "metadata": Metadata()}, words("price_data"))
_INTENT_DATA = Group(
    {
        "metadata": Metadata(),
        "description": Text(limit=1000),
        "transfer_group": Text(),
        "statement_descriptor_suffix": Text(limit=22),
    }
)
_CONSENT = Group(
    {
        "terms_of_service": Text(one_of=words("none required")),
        "promotions": Text(one_of=words("auto none")),
    }
)
_MESSAGE = Group({"message": Text(limit=1200)}, words("message"))
_TEXTS = Group(
    dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"), _MESSAGE),
)
_DISCOUNT = Group({"coupon": Text(), "promotion_code": Text()})
_TAX = Group({"enabled": Flag()}, words("enabled"))
CREATE_SESSION = Group(
    {
        **EXPAND,
        "mode": Text(one_of=words("payment")),
        "ui_mode": Text(one_of=words("hosted_page")),
        "line_items": Several(_ITEM),
        "success_url": Text(is_url=True),
        "cancel_url": Text(is_url=True),
        "customer_email": Text(limit=800, is_email=True),
        "client_reference_id": Text(limit=200),
        "metadata": Metadata(),
        "payment_intent_data": _INTENT_DATA,
        "expires_at": Whole(),
        "locale": Text(one_of=_LOCALES),
        "excluded_payment_method_types": Several(Text(one_of=_METHODS)),
        "submit_type": Text(one_of=words("auto book donate pay subscribe")),
        "integration_identifier": Text(),
        "allow_promotion_codes": Flag(),
        "automatic_tax": _TAX,
        "billing_address_collection": Text(one_of=words("auto required")),
        "invoice_creation": Group({"enabled": Flag()}, words("enabled")),
        "consent_collection": _CONSENT,
        "discounts": Several(_DISCOUNT),
        "custom_text": _TEXTS,
    },
    words("mode line_items success_url"),
)
LIST_SESSIONS = Group({**LISTING, "payment_intent": Text(), "status": Text(one_of=words("complete expired open"))})
LIST_LINES = Group(PAGING)


def check_items(items: list[dict[str, Any]]) -> str:
    """The one currency of all lines. Raises on mixed currencies, odd steps and totals that Stripe does not take."""
    if not items:
        raise ApiError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    currencies = []
    for position, item in enumerate(items):
        name = f"line_items[{position}][price_data]"
        currencies.append(check_currency(item["price_data"]["currency"], f"{name}[currency]"))
        check_step(item["price_data"]["unit_amount"], currencies[-1], f"{name}[unit_amount]")
    if len(set(currencies)) > 1:
        raise ApiError("All line items of a Checkout Session must have the same currency.", param="line_items")
    check_total(sum(item["price_data"]["unit_amount"] * item.get("quantity", 1) for item in items), currencies[0])
    return currencies[0]


def check_expiry(expires_at: int | None, now: int) -> int:
    """From 30 minutes to 24 hours ahead, both included; 24 hours if nothing is said."""
    if expires_at is None:
        return now + _LATEST
    if expires_at < now + _EARLIEST:
        wrong = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise ApiError(wrong, param="expires_at")
    if expires_at > now + _LATEST:
        wrong = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise ApiError(wrong, param="expires_at")
    return expires_at


def check_descriptor(intent_data: Body) -> None:
    """https://docs.stripe.com/get-started/account/statement-descriptors: a letter, and none of < > \\ ' " *"""
    suffix = intent_data.get("statement_descriptor_suffix")
    if suffix is None or (re.search(r"[A-Za-z]", suffix) and not re.search(r"[<>\\'\"*]", suffix) and suffix.isascii()):
        return
    raise ApiError(
        "The statement descriptor suffix must contain at least one letter and none of < > \\ ' \" *.",
        param="payment_intent_data[statement_descriptor_suffix]",
    )
