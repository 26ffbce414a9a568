"""Refunds: money goes back at once unless a plan says otherwise, and never more than came in."""

from payments.sandbox import refund_outcomes
from payments.sandbox.call import Call
from payments.sandbox.currencies import shown
from payments.sandbox.disputes import keeps_from_refunding
from payments.sandbox.errors import ApiError, missing, refused
from payments.sandbox.listing import EXPAND, LISTING, found, listed
from payments.sandbox.money_objects import refund
from payments.sandbox.params import Group, Metadata, Text, Whole, words
from payments.sandbox.plans import About, take
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, equals

CREATE_REFUND = Group(
    {
        **EXPAND,
        "payment_intent": Text(),
        "charge": Text(),
        "amount": Whole(least=1),
        "reason": Text(one_of=words("duplicate fraudulent requested_by_customer")),
        "metadata": Metadata(),
    }
)
LIST_REFUNDS = Group({**LISTING, "payment_intent": Text(), "charge": Text()})


def create_refund(call: Call) -> Body:
    charged = _charge_to_refund(call)
    if keeps_from_refunding(call.tx, call.account, charged["id"]):
        wrong = f"Charge {charged['id']} has been charged back; cannot issue a refund."
        raise refused(wrong, code="charge_disputed")
    left = charged["amount"] - charged["amount_refunded"]
    amount = call.params.get("amount", left)
    if not left:
        raise refused(f"Charge {charged['id']} has already been refunded.", code="charge_already_refunded")
    if amount > left:
        currency = charged["currency"]
        wrong = f"Refund amount ({shown(amount, currency)}) is greater than unrefunded amount on charge"
        raise refused(f"{wrong} ({shown(left, currency)})", param="amount")
    made = refund(charged, amount, call.params, call.now)
    plan = take(call.tx, call.account, About.REFUND) or {"outcome": "succeeded"}
    return public(refund_outcomes.begin(call.tx, call.origin, charged, made, plan["outcome"]))


def _charge_to_refund(call: Call) -> Body:
    given = {"payment_intent", "charge"} & call.params.keys()
    if not given:
        wrong = "One of the following params should be provided for this request: payment_intent or charge."
        raise ApiError(wrong, code="parameter_missing")
    if "charge" in call.params:
        charged = found(call, "charge", call.params["charge"], "charge")
        if call.params.get("payment_intent", charged["payment_intent"]) != charged["payment_intent"]:
            raise ApiError("The charge does not belong to the payment_intent.", param="payment_intent")
    else:
        intent = found(call, "payment_intent", call.params["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            raise refused(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charged = found(call, "charge", intent["latest_charge"], "charge")
    if charged["status"] != "succeeded":
        raise refused(f"Charge {charged['id']} is {charged['status']} and cannot be refunded.")
    return charged


def retrieve_refund(call: Call, refund: str) -> Body:
    return public(found(call, "refund", refund, "refund"))


def list_refunds(call: Call) -> Body:
    for name, kind in (("payment_intent", "payment_intent"), ("charge", "charge")):
        if name in call.params and call.tx.find(call.account, kind, call.params[name]) is None:
            raise missing(kind, call.params[name], name)
    where = [equals(name, call.params[name]) for name in ("payment_intent", "charge") if name in call.params]
    return listed(call, "refund", "/v1/refunds", where)
