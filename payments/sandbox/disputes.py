"""Disputes: a bank takes a payment back, or asks about it first; Stripe is told why it was right, and the bank decides.

What is booked: a chargeback takes its sum from the balance with a fee, a bank that decides for the shop gives the sum
back and not the fee (https://docs.stripe.com/disputes/how-disputes-work), and an inquiry moves nothing. A bank that is
not answered in time decides nothing here by itself.
"""

from payments.sandbox import events
from payments.sandbox.books import booked_later
from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.currencies import shown
from payments.sandbox.errors import refused
from payments.sandbox.fraud_warnings import settle_warnings
from payments.sandbox.listing import EXPAND, LISTING, found, listed
from payments.sandbox.params import Flag, Group, Metadata, Text, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Tx, equals

URL = "/v1/disputes"
FEE = 2000
_DAYS_TO_ANSWER = 14
_A_DAY = 24 * 60 * 60
_LONGEST_EVIDENCE = 150_000
_LONG = words(
    """access_activity_log cancellation_policy_disclosure cancellation_rebuttal duplicate_charge_explanation
    product_description refund_policy_disclosure refund_refusal_explanation uncategorized_text"""
)
_SHORT = words(
    """billing_address customer_email_address customer_name customer_purchase_ip duplicate_charge_id service_date
    shipping_address shipping_carrier shipping_date shipping_tracking_number"""
)
_FILES = words(
    """cancellation_policy customer_communication customer_signature duplicate_charge_documentation receipt
    refund_policy service_documentation shipping_documentation uncategorized_file"""
)
_EVIDENCE = Group({**dict.fromkeys(_LONG, Text(limit=20_000)), **dict.fromkeys(_SHORT, Text())})
UPDATE_DISPUTE = Group({**EXPAND, "evidence": _EVIDENCE, "metadata": Metadata(), "submit": Flag()})
LIST_DISPUTES = Group({**LISTING, "charge": Text(), "payment_intent": Text()})
KINDS = words("chargeback inquiry")
DECISIONS = words("won lost closed chargeback")
REASONS = words(
    """credit_not_processed duplicate fraudulent general product_not_received product_unacceptable
    subscription_canceled unrecognized"""
)
_ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
_INQUIRIES = frozenset({"warning_needs_response", "warning_under_review"})
_OPEN = frozenset({*_INQUIRIES, *_ANSWERED, *_ANSWERED.values()})


def open_dispute(tx: Tx, origin: Origin, charged: Body, kind: str, reason: str, amount: int | None) -> Body:
    """Of what is left of the charge, or of a part. Raises ApiError: what went back in full cannot be disputed."""
    left = charged["amount"] - charged["amount_refunded"]
    if charged["status"] != "succeeded" or not left or _is_disputed(tx, origin.account, charged["id"]):
        raise refused(f"Charge {charged['id']} cannot be disputed: it went back, never came, or is disputed already.")
    if amount is not None and amount > left:
        raise refused(f"Only {shown(left, charged['currency'])} are left of the charge.", param="amount")
    made = _dispute(charged, kind, reason, left if amount is None else amount, origin.now)
    made = tx.add(origin.account, made)
    tx.save(charged | {"disputed": True})
    settle_warnings(tx, origin, charged["id"])
    events.record(tx, origin, "charge.dispute.created", made)
    return _withdrawn(tx, origin, made) if kind == "chargeback" else made


def decide(tx: Tx, origin: Origin, dispute: Body, decision: str) -> Body:
    """An inquiry is closed, or becomes a chargeback; a chargeback is won or lost. Raises ApiError for anything else.

    A bank may also find, later, that what was lost is won."""
    status, is_inquiry = dispute["status"], dispute["status"] in _INQUIRIES
    if decision == "won" and status == "lost":
        return _reinstated(tx, origin, tx.save(dispute | {"status": "won", "is_charge_refundable": True}))
    if status not in _OPEN or (decision in {"closed", "chargeback"}) is not is_inquiry:
        raise refused(f"The dispute {dispute['id']} is {status}, and cannot be {decision}.")
    if decision == "chargeback":
        card = {"card": dispute["payment_method_details"]["card"] | {"case_type": "chargeback"}, "type": "card"}
        return _withdrawn(tx, origin, dispute | {"status": "needs_response", "payment_method_details": card})
    after = "warning_closed" if decision == "closed" else decision
    closed = tx.save(dispute | {"status": after, "is_charge_refundable": decision != "lost"})
    events.record(tx, origin, "charge.dispute.closed", closed, {"status": status})
    return _reinstated(tx, origin, closed) if decision == "won" else closed


def _is_disputed(tx: Tx, account: str, charge_id: str) -> bool:
    """A bank asks, has the money, or has it for good."""
    made = tx.page(account, "dispute", [equals("charge", charge_id)])
    return any(each["status"] in _OPEN or each["status"] == "lost" for each in made)


def keeps_from_refunding(tx: Tx, account: str, charge_id: str) -> bool:
    """While a bank has taken it back, and for ever if that stands; an inquiry is best answered by a refund."""
    made = tx.page(account, "dispute", [equals("charge", charge_id)])
    return any(not each["is_charge_refundable"] for each in made)


def _dispute(charged: Body, kind: str, reason: str, amount: int, now: int) -> Body:
    card = {"brand": "visa", "case_type": kind, "network": "visa", "network_reason_code": "10.4"}
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(_LONG | _SHORT | _FILES) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _DAYS_TO_ANSWER * _A_DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": kind == "inquiry",
        "livemode": False,
        "metadata": {},
        "payment_intent": charged["payment_intent"],
        "payment_method_details": {"card": card, "type": "card"},
        "reason": reason,
        "status": "warning_needs_response" if kind == "inquiry" else "needs_response",
    }


def _withdrawn(tx: Tx, origin: Origin, dispute: Body) -> Body:
    taken = _booked(tx, origin, dispute, -dispute["amount"], FEE)
    after = tx.save(taken | {"is_charge_refundable": False})
    events.record(tx, origin, "charge.dispute.funds_withdrawn", after, {"balance_transactions": []})
    return after


def _reinstated(tx: Tx, origin: Origin, dispute: Body) -> Body:
    after = tx.save(_booked(tx, origin, dispute, dispute["amount"], 0))
    before = {"balance_transactions": dispute["balance_transactions"]}
    events.record(tx, origin, "charge.dispute.funds_reinstated", after, before)
    return after


def _booked(tx: Tx, origin: Origin, dispute: Body, amount: int, fee: int) -> Body:
    what = "Chargeback withdrawal" if amount < 0 else "Chargeback reversal"
    category = "dispute" if amount < 0 else "dispute_reversal"
    booked = booked_later(tx, origin, dispute, amount, fee=fee, kind="adjustment") | {
        "description": f"{what} for {dispute['charge']}",
        "reporting_category": category,
    }
    for detail in booked["fee_details"]:
        detail["description"] = "Dispute fee"
    tx.save(booked)
    return dispute | {"balance_transactions": [*dispute["balance_transactions"], booked]}


def retrieve_dispute(call: Call, dispute: str) -> Body:
    return public(found(call, "dispute", dispute, "dispute"))


def list_disputes(call: Call) -> Body:
    where = [equals(name, call.params[name]) for name in ("charge", "payment_intent") if name in call.params]
    return listed(call, "dispute", URL, where)


def update_dispute(call: Call, dispute: str) -> Body:
    """Evidence is staged, and handed in unless `submit` is false: once, in time, and while the bank waits for it."""
    body = found(call, "dispute", dispute, "dispute")
    given = call.params.get("evidence", {})
    if sum(len(text) for text in given.values()) > _LONGEST_EVIDENCE:
        raise refused("The combined character count of all evidence is limited to 150,000.", param="evidence")
    body |= {"metadata": body["metadata"] | call.params.get("metadata", {})}
    if given:
        body |= _with_evidence(body, given, call)
    before = found(call, "dispute", dispute, "dispute")
    after = call.tx.save(body)
    if after != before:
        events.record(call.tx, call.origin, "charge.dispute.updated", after, {"status": before["status"]})
    return public(after)


def _with_evidence(body: Body, given: Body, call: Call) -> Body:
    details = body["evidence_details"]
    if body["status"] not in _ANSWERED or details["submission_count"]:
        raise refused("This dispute takes no more evidence: it was handed in, or the dispute is closed.")
    if details["due_by"] < call.now:
        raise refused("The time to hand in evidence for this dispute is over.")
    handed_in = call.params.get("submit", True)
    details |= {"has_evidence": True, "submission_count": int(handed_in)}
    details["submission_method"] = "manual" if handed_in else "not_submitted"
    status = _ANSWERED[body["status"]] if handed_in else body["status"]
    return {"evidence": body["evidence"] | given, "evidence_details": details, "status": status}


def close_dispute(call: Call, dispute: str) -> Body:
    """The shop accepts it."""
    return public(decide(call.tx, call.origin, found(call, "dispute", dispute, "dispute"), "lost"))
