"""How a charge was tried, and what became of it, as Stripe writes it."""

from payments.sandbox.store import Body

_CODES = dict.fromkeys(("advice_code", "network_advice_code", "network_decline_code", "reason"))
DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
}


def approved() -> Body:
    return _CODES | {
        "network_status": "approved_by_network",
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def declined(reason: str) -> Body:
    return approved() | {
        "network_status": "declined_by_network",
        "reason": reason,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def card(*, authenticated: bool = False) -> Body:
    details = {
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
        "three_d_secure": _three_d_secure() if authenticated else None,
        "wallet": None,
    }
    return {"type": "card", "card": details}


def _three_d_secure() -> Body:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": "00000000-0000-4000-8000-000000000000",
        "version": "2.2.0",
    }


def direct_debit() -> Body:
    """The one slow method of the stand-in, whatever the currency."""
    account = {
        "bank_code": "19043",
        "branch_code": "",
        "country": "AT",
        "fingerprint": "OfficeHoursTestS",
        "last4": "3201",
        "mandate": None,
    }
    return {"type": "sepa_debit", "sepa_debit": account}


def payment_error(message: str, code: str, charge_id: str | None = None, decline_code: str | None = None) -> Body:
    """`last_payment_error` of an intent; a card that failed to authenticate has no charge."""
    error: Body = {
        "code": code,
        "doc_url": f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}",
        "message": message,
        "type": "card_error" if charge_id else "invalid_request_error",
    }
    if charge_id:
        error["charge"] = charge_id
    if decline_code:
        error["decline_code"] = decline_code
    return error
