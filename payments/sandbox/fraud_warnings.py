"""Early fraud warnings: a bank has heard that a payment was not the card holder's, and nobody has disputed it yet."""

from payments.sandbox import events
from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.errors import refused
from payments.sandbox.listing import LISTING, found, listed
from payments.sandbox.params import Group, Text, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Tx, equals

URL = "/v1/radar/early_fraud_warnings"
LIST_WARNINGS = Group({**LISTING, "charge": Text(), "payment_intent": Text()})
FRAUD_TYPES = words(
    """card_never_received fraudulent_card_application made_with_counterfeit_card made_with_lost_card
    made_with_stolen_card misc unauthorized_use_of_card"""
)
_KIND = "radar.early_fraud_warning"


def warn(tx: Tx, origin: Origin, charged: Body, fraud_type: str) -> Body:
    """Raises ApiError for a charge that never came."""
    if charged["status"] != "succeeded":
        raise refused(f"Charge {charged['id']} is {charged['status']}: nobody warns of it.")
    made = tx.add(
        origin.account,
        {
            "id": new_id("issfr"),
            "object": _KIND,
            "actionable": not charged["refunded"] and not charged["disputed"],
            "charge": charged["id"],
            "created": origin.now,
            "fraud_type": fraud_type,
            "livemode": False,
            "payment_intent": charged["payment_intent"],
        },
    )
    events.record(tx, origin, "radar.early_fraud_warning.created", made)
    return made


def settle_warnings(tx: Tx, origin: Origin, charge_id: str) -> None:
    """The charge went back in full, or is disputed: nothing can be done about its warnings any more."""
    for each in tx.page(origin.account, _KIND, [equals("charge", charge_id)]):
        if each["actionable"]:
            after = tx.save(each | {"actionable": False})
            events.record(tx, origin, "radar.early_fraud_warning.updated", after, {"actionable": True})


def retrieve_warning(call: Call, warning: str) -> Body:
    return public(found(call, _KIND, warning, "early_fraud_warning"))


def list_warnings(call: Call) -> Body:
    where = [equals(name, call.params[name]) for name in ("charge", "payment_intent") if name in call.params]
    return listed(call, _KIND, URL, where)
