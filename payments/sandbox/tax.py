"""Registrations: for which countries Stripe Tax collects. They are made under /_sandbox, as in the dashboard."""

from payments.sandbox.call import Call, new_id
from payments.sandbox.listing import PAGING, listed
from payments.sandbox.params import Group, Text, words
from payments.sandbox.store import Body, equals

URL = "/v1/tax/registrations"
LIST_REGISTRATIONS = Group({**PAGING, "status": Text(one_of=words("active all expired scheduled"))})


def list_registrations(call: Call) -> Body:
    status = call.params.get("status", "all")
    return listed(call, "tax.registration", URL, [equals("status", status)] if status != "all" else [])


def registration(country: str, now: int) -> Body:
    return {
        "id": new_id("taxreg"),
        "object": "tax.registration",
        "active_from": now,
        "country": country,
        "country_options": {},
        "created": now,
        "expires_at": None,
        "livemode": False,
        "status": "active",
    }
