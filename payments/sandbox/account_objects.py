"""Account and account link as Stripe's v2 API writes them: a recipient, who is paid from the platform's balance."""

from datetime import UTC, datetime
from typing import Any

from payments.sandbox.call import new_id
from payments.sandbox.params import words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body

IDENTITY = (
    "identity.individual.given_name",
    "identity.individual.surname",
    "identity.individual.date_of_birth",
    "identity.individual.address",
)
BANK, TERMS, PAPERS = (
    "configuration.recipient.default_outbound_destination",
    "identity.attestations.terms_of_service.account",
    "identity.individual.documents.primary_verification",
)
ALL = (*IDENTITY, BANK, TERMS)
INCLUDABLE = words("configuration.recipient defaults future_requirements identity requirements")
READY = "acct_ready"
"""Accounts whose id begins so are there without being made, and ready to be paid."""
LINK_SECONDS = 5 * 60
_CODES = {
    "pending": ("determining_status", "no_resolution"),
    "restricted": ("requirements_past_due", "provide_info"),
    "rejected": ("rejected_other", "contact_stripe"),
    "unsupported": ("unsupported_country", "no_resolution"),
}


def instant(now: int) -> str:
    """RFC 3339 in UTC with milliseconds, as v2 writes times."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def epoch(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())


def account(told: dict[str, Any], now: int, account_id: str | None = None) -> Body:
    """With nothing given yet. What a recipient is asked for stands in `_missing`, the capability in `_status`."""
    identity = told.get("identity", {})
    return {
        "id": account_id or new_id("acct", 16),
        "object": "v2.core.account",
        "applied_configurations": ["recipient"],
        "closed": False,
        "contact_email": told.get("contact_email"),
        "contact_phone": None,
        "created": instant(now),
        "dashboard": told.get("dashboard", "express"),
        "display_name": told.get("display_name"),
        "livemode": False,
        "metadata": told.get("metadata", {}),
        "_country": identity.get("country"),
        "_entity_type": identity.get("entity_type"),
        "_responsibilities": told.get("defaults", {}).get("responsibilities", {}),
        "_missing": list(ALL),
        "_status": "restricted",
    }


def ready(account_id: str, now: int) -> Body:
    return account({}, now, account_id) | {"_missing": [], "_status": "active"}


def shown(body: Body, include: list[str]) -> Body:
    """v2 leaves out, as null, whatever `include` does not name."""
    parts = {
        "configuration.recipient": ("configuration", _configuration),
        "defaults": ("defaults", _defaults),
        "identity": ("identity", _identity),
        "requirements": ("requirements", _requirements),
    }
    nothing = dict.fromkeys(("configuration", "defaults", "future_requirements", "identity", "requirements"))
    given = {field: make(body) for part, (field, make) in parts.items() if part in include}
    return public(body) | nothing | given


def _configuration(body: Body) -> Body:
    transfers = {"status": body["_status"], "status_details": _details(body["_status"])}
    balance = {"payouts": transfers, "stripe_transfers": transfers}
    capabilities = {"bank_accounts": None, "cards": None, "stripe_balance": balance}
    return {"customer": None, "merchant": None, "recipient": {"applied": True, "capabilities": capabilities}}


def _details(status: str) -> list[Body]:
    if status == "active":
        return []
    code, resolution = _CODES[status]
    return [{"code": code, "resolution": resolution}]


def _defaults(body: Body) -> Body:
    borne = {"fees_collector": "application", "losses_collector": "application", "requirements_collector": "stripe"}
    return {
        "currency": None,
        "locales": None,
        "payout_methods": None,
        "profile": None,
        "responsibilities": borne | body["_responsibilities"],
    }


def _identity(body: Body) -> Body:
    return {
        "attestations": None,
        "business_details": None,
        "country": body["_country"],
        "entity_type": body["_entity_type"],
        "individual": None,
    }


def _requirements(body: Body) -> Body:
    entries = [_entry(description, "user") for description in body["_missing"]]
    if body["_status"] == "pending":
        entries.append(_entry(PAPERS, "stripe"))
    due = {"minimum_deadline": {"status": "currently_due", "time": None}} if entries else {"minimum_deadline": None}
    return {"alternatives": None, "entries": entries, "summary": due}


def _entry(description: str, whose_turn: str) -> Body:
    restricts = {
        "capability": "stripe_balance.stripe_transfers",
        "configuration": "recipient",
        "deadline": {"status": "currently_due"},
    }
    return {
        "awaiting_action_from": whose_turn,
        "description": description,
        "errors": [],
        "impact": {"restricts_capabilities": [restricts]},
        "minimum_deadline": {"status": "currently_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


def link(told: dict[str, Any], now: int, base_url: str) -> Body:
    """Good for one visit within five minutes. Stripe's has no id; ours is its secret."""
    token = new_id("link", 32)
    onboarding = told["use_case"]["account_onboarding"]
    return {
        "id": token,
        "object": "v2.core.account_link",
        "account": told["account"],
        "created": instant(now),
        "expires_at": instant(now + LINK_SECONDS),
        "livemode": False,
        "url": f"{base_url}/setup/{token}",
        "use_case": {
            "type": "account_onboarding",
            "account_onboarding": {
                "collection_options": None,
                "refresh_url": onboarding["refresh_url"],
                "return_url": onboarding.get("return_url"),
            },
            "account_update": None,
        },
        "_visit": None,
    }
