"""The stand-in's own API for tests and the demo, under /_sandbox; the key says whose things are meant."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from payments.sandbox import paying, webhooks
from payments.sandbox.api import account_of
from payments.sandbox.errors import ApiError
from payments.sandbox.faults import Fault, WebhookMode
from payments.sandbox.params import Text, Whole, words
from payments.sandbox.parts import Parts
from payments.sandbox.session_objects import public

_DELIVERIES = """SELECT d.event_id AS event, json_extract(e.body, '$.type') AS type, d.endpoint_id AS endpoint, d.state,
    d.attempts, d.due_at, d.last_status, d.last_error FROM deliveries d JOIN objects e ON e.id = d.event_id
    WHERE d.account = ? ORDER BY d.seq"""


def control(parts: Parts) -> Blueprint:
    bp = Blueprint("control", __name__, url_prefix="/_sandbox")

    @bp.post("/sessions/<session_id>/pay")
    def pay(session_id: str) -> Response:
        """Presses the page's button: `outcome` is paid or declined; `result` says what became of it."""
        if _told("outcome", Text(one_of=words("paid declined")), "paid") == "declined":
            body = paying.visit(parts.store, session_id)
            open_still = body is not None and body["status"] == "open"
            outcome = paying.Outcome.DECLINED if open_still else paying.Outcome.NOT_OPEN
        else:
            outcome, body = paying.pay(parts.store, session_id, int(parts.clock.now()))
        return jsonify(result=outcome.value, session=public(body) if body else None)

    @bp.get("/deliveries")
    def deliveries() -> Response:
        with parts.store.reading() as tx:
            rows = tx.db.execute(_DELIVERIES, (account_of(request),)).fetchall()
        return jsonify(data=[dict(row) for row in rows])

    @bp.post("/webhooks")
    def set_mode() -> Response:
        mode = WebhookMode(_told("mode", Text(one_of=frozenset(WebhookMode))))
        parts.faults.set_webhook_mode(account_of(request), mode)
        return jsonify(mode=mode.value)

    @bp.post("/webhooks/flush")
    def flush() -> Response:
        """Sends what is held now, in this order, each `repeat` times, and tells how each was answered."""
        order = _told("order", Text(one_of=words("given reversed")), "given")
        repeat = _told("repeat", Whole(least=1, most=20), "1")
        waiting = webhooks.held(parts, account_of(request))
        queue = waiting if order == "given" else waiting[::-1]
        return jsonify(data=[webhooks.deliver(parts, each) for each in queue for _ in range(repeat)])

    @bp.post("/faults")
    def arm() -> Response:
        fault = Fault(_told("fault", Text(one_of=frozenset(Fault))))
        path = _told("path", Text(), "/v1/")
        parts.faults.arm(account_of(request), fault, path, _told("times", Whole(least=1, most=100), "1"))
        return jsonify(fault=fault.value, path=path)

    @bp.get("/faults")
    def stalled() -> Response:
        return jsonify(stalled=parts.faults.stalled(account_of(request)))

    @bp.post("/faults/release")
    def release() -> Response:
        return jsonify(released=parts.faults.release(account_of(request)))

    return bp


def _told(name: str, kind: Text | Whole, otherwise: str | None = None) -> Any:
    """A field of the JSON or form body."""
    body: dict[str, Any] = request.get_json(silent=True) or request.form
    value = body.get(name, otherwise)
    if value is None:
        raise ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return kind.read(str(value), name)
