"""The page where a buyer pays; it works without script and says that no real money is taken."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox import paying
from payments.sandbox.checkout import expire_overdue
from payments.sandbox.currencies import shown
from payments.sandbox.parts import Parts
from payments.sandbox.paying import Outcome
from payments.sandbox.store import Body


def hosted(parts: Parts) -> Blueprint:
    bp = Blueprint("hosted", __name__, url_prefix="/c/pay")

    @bp.get("/<session_id>")
    def page(session_id: str) -> AnyResponse:
        return _page(parts, _visited(parts, session_id))

    @bp.post("/<session_id>")
    def press(session_id: str) -> AnyResponse:
        action = request.form.get("action")
        body = _visited(parts, session_id)
        if body is None or body["status"] != "open":
            return _page(parts, body)
        if action == "leave" and body["cancel_url"]:
            return redirect(body["cancel_url"], 303)
        if action in {"pay", "pay_and_close"}:
            return _pay(parts, session_id, close=action == "pay_and_close")
        return _page(parts, body, declined=action == "decline")

    return bp


def _visited(parts: Parts, session_id: str) -> Body | None:
    expire_overdue(parts.store, parts.clock.now())
    return paying.visit(parts.store, session_id)


def _pay(parts: Parts, session_id: str, *, close: bool) -> AnyResponse:
    outcome, body = paying.pay(parts.store, session_id, int(parts.clock.now()))
    if outcome is Outcome.PAID and body is not None and not close:
        return redirect(success_url(body), 303)
    return _page(parts, body, closed=outcome is Outcome.PAID)


def success_url(body: Body) -> str:
    return str(body["success_url"]).replace("{CHECKOUT_SESSION_ID}", body["id"])


def _page(parts: Parts, body: Body | None, *, declined: bool = False, closed: bool = False) -> Response:
    if body is None:
        return _guarded(make_response(render_template("missing.html"), 404), None)
    until = datetime.fromtimestamp(body["expires_at"], UTC)
    html = render_template(
        "pay.html",
        session=body,
        lines=[(item, shown(item["amount_total"], item["currency"])) for item in body["_line_items"]],
        total=shown(body["amount_total"], body["currency"]),
        until=until,
        time_left=_time_left(body["expires_at"] - parts.clock.now()),
        success_url=success_url(body),
        declined=declined,
        closed=closed,
    )
    return _guarded(make_response(html), body)


def _time_left(seconds: float) -> str:
    """Whole minutes, or whole hours from three hours on; never more than there is."""
    amount, unit = (int(seconds // 3600), "hour") if seconds >= 3 * 3600 else (max(0, int(seconds // 60)), "minute")
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def _guarded(response: Response, body: Body | None) -> Response:
    """Browsers hold `form-action` against the redirect after a form too, so the shop's own address is allowed."""
    shop = {_origin(body[name]) for name in ("success_url", "cancel_url") if body[name]} if body else set()
    allowed = " ".join(["'self'", *sorted(shop)])
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {allowed}"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
