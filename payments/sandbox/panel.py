"""The fault panel: what is armed for a key, and a button for everything that can go wrong. Works without script."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox import plans, webhooks
from payments.sandbox.api import check_key
from payments.sandbox.currencies import shown
from payments.sandbox.errors import ApiError
from payments.sandbox.faults import Fault, WebhookMode
from payments.sandbox.hosted import guarded
from payments.sandbox.parts import Parts
from payments.sandbox.passing import catch_up
from payments.sandbox.store import Body, Tx

_NEWEST = 20
FAULTS = {
    Fault.FAIL_BEFORE: "500, nothing done, and replayed for the same idempotency key",
    Fault.FAIL_AFTER: "500, yet all is done, and replayed for the same idempotency key",
    Fault.STALL: "Hang before anything is done",
    Fault.STALL_AFTER: "Hang after all is done",
    Fault.CUT_AFTER: "Break the connection after all is done",
    Fault.LOCK: "409 lock_timeout, nothing done",
    Fault.RATE: "429 rate limit, nothing done",
}
MODES = {
    WebhookMode.DELIVER: "Deliver in order",
    WebhookMode.REVERSE: "Deliver newest first",
    WebhookMode.HOLD: "Hold until sent below",
    WebhookMode.DROP: "Drop, and count as delivered",
}
REFUNDS = {
    "pending": "Pending at the bank",
    "insufficient_funds": "Pending for want of funds",
    "failed": "Failed at once",
}


def panel(parts: Parts) -> Blueprint:
    bp = Blueprint("panel", __name__, url_prefix="/_sandbox")

    @bp.get("/panel")
    def page() -> AnyResponse:
        return page_of(parts, request.args.get("key", ""))

    return bp


def page_of(parts: Parts, key: str, said: ApiError | None = None) -> Response:
    """`said` is a refusal to show. A key that is none is asked for, not refused."""
    catch_up(parts)
    try:
        shows: dict[str, Any] = _shown(parts, check_key(key))
    except ApiError as refusal:
        shows = {"key": None, "wrong_key": refusal.message if key else None}
    status = said.status if said else 200
    return guarded(make_response(render_template("panel.html", said=said, **shows), status))


def _shown(parts: Parts, key: str) -> dict[str, Any]:
    faults = Counter(parts.faults.armed(key))
    told = webhooks.deliveries_of(parts, key)
    with parts.store.reading() as tx:
        sessions = tx.page(key, "checkout.session", limit=_NEWEST)
        refunds = tx.page(key, "refund", limit=_NEWEST)
        disputes = tx.page(key, "dispute", limit=_NEWEST)
        planned = Counter(_words(plan) for plan in plans.armed(tx, key))
        states = {body["id"]: _state(tx, body) for body in sessions}
    return {
        "key": key,
        "webhooks": parts.faults.webhooks(key),
        "stalled": parts.faults.stalled(key),
        "faults": faults,
        "planned": planned,
        "sessions": sessions,
        "states": states,
        "refunds": refunds,
        "disputes": disputes,
        "deliveries": told[: -_NEWEST - 1 : -1],
        "waiting": sum(each["state"] == "pending" for each in told),
        "names": {"faults": FAULTS, "modes": MODES, "refunds": REFUNDS},
        "money": lambda body, field: shown(body[field], body["currency"]),
    }


def _words(plan: dict[str, Any]) -> str:
    if "outcome" in plan:
        return f"refund: {REFUNDS[plan['outcome']].lower()}"
    [(unit, number)] = [(name, value) for name, value in plan.items() if name != "about"]
    return f"payment: balance transaction after {number} {unit}"


def _state(tx: Tx, body: Body) -> str:
    """One word more than Stripe's status: what an unpaid complete session waits for."""
    if body["status"] != "complete":
        return str(body["status"])
    if body["payment_status"] != "unpaid":
        return str(body["payment_status"]).replace("_", " ")
    intent = tx.row(body["payment_intent"])
    return "processing" if intent and intent[1]["status"] == "processing" else "failed"
