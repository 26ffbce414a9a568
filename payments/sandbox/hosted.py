"""The page where a buyer pays; it works without script and says that no real money is taken."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox import discounts, paying
from payments.sandbox.call import Origin
from payments.sandbox.currencies import shown
from payments.sandbox.errors import ApiError
from payments.sandbox.parts import Parts
from payments.sandbox.passing import catch_up
from payments.sandbox.paying import Outcome
from payments.sandbox.store import Body, Store, Tx

Press = Callable[[Store, str, int], tuple[Outcome, Body | None]]


def _decline_for_funds(store: Store, session_id: str, now: int) -> tuple[Outcome, Body | None]:
    return paying.decline(store, session_id, now, "insufficient_funds")


_ACTS: dict[str, Press] = {
    "pay": paying.pay,
    "pay_and_close": paying.pay,
    "pay_slowly": paying.pay_slowly,
    "decline": paying.decline,
    "decline_for_funds": _decline_for_funds,
    "ask_bank": paying.ask_bank,
    "bank_yes": paying.pay_authenticated,
    "bank_no": paying.refuse_bank,
}
_CLOSING = {"pay_and_close"}


def hosted(parts: Parts) -> Blueprint:
    bp = Blueprint("hosted", __name__, url_prefix="/c/pay")

    @bp.get("/<session_id>")
    def page(session_id: str) -> AnyResponse:
        return _page(parts, _visited(parts, session_id))

    @bp.post("/<session_id>")
    def press(session_id: str) -> AnyResponse:
        action = request.form.get("action", "")
        body = _visited(parts, session_id)
        if body is None or body["status"] != "open":
            return _page(parts, body)
        if action == "leave" and body["cancel_url"]:
            return redirect(body["cancel_url"], 303)
        if action == "apply_code":
            return _apply_code(parts, session_id, request.form.get("code", "").strip())
        return _act(parts, body, action)

    return bp


def _visited(parts: Parts, session_id: str) -> Body | None:
    catch_up(parts)
    return paying.visit(parts.store, session_id)


def _act(parts: Parts, body: Body, action: str) -> AnyResponse:
    """Money that came or is promised leads back to the shop; anything else shows the page with what it says now."""
    if action not in _ACTS:
        return _page(parts, body)
    outcome, after = _ACTS[action](parts.store, body["id"], int(parts.clock.now()))
    if outcome in {Outcome.PAID, Outcome.PROCESSING} and after is not None:
        return _page(parts, after, outcome, closed=True) if action in _CLOSING else redirect(success_url(after), 303)
    return _page(parts, after, outcome, funds=action == "decline_for_funds")


def _apply_code(parts: Parts, session_id: str, code: str) -> AnyResponse:
    """Stripe's own words are about parameters, so a code that does not fit is simply not valid here."""

    def act(tx: Tx, origin: Origin, body: Body) -> tuple[Outcome | None, Body]:
        off = discounts.by_code(tx, origin, body, code) if body["allow_promotion_codes"] else None
        return (None, tx.save(off)) if off else (Outcome.NOT_OPEN, body)

    try:
        outcome, after = paying.at_open(parts.store, session_id, int(parts.clock.now()), act)
    except ApiError:
        outcome, after = Outcome.NOT_OPEN, paying.visit(parts.store, session_id)
    return _page(parts, after, wrong_code=code if outcome else None)


def success_url(body: Body) -> str:
    return str(body["success_url"]).replace("{CHECKOUT_SESSION_ID}", body["id"])


def _page(
    parts: Parts, body: Body | None, outcome: Outcome | None = None, *, wrong_code: str | None = None, **shows: bool
) -> Response:
    if body is None:
        return guarded(make_response(render_template("missing.html"), 404))
    until = datetime.fromtimestamp(body["expires_at"], UTC)
    html = render_template(
        "pay.html",
        session=body,
        lines=[(item, shown(item["amount_subtotal"], item["currency"])) for item in body["_line_items"]],
        total=shown(body["amount_total"], body["currency"]),
        until=until,
        time_left=_time_left(body["expires_at"] - parts.clock.now()),
        success_url=success_url(body),
        discount=_sum(body, "amount_discount"),
        tax=_sum(body, "amount_tax"),
        outcome=outcome,
        wrong_code=wrong_code,
        **shows,
    )
    return guarded(make_response(html), *(body[name] for name in ("success_url", "cancel_url") if body[name]))


def _sum(body: Body, name: str) -> str | None:
    amount = body["total_details"][name]
    return shown(amount, body["currency"]) if amount else None


def _time_left(seconds: float) -> str:
    """Whole minutes, or whole hours from three hours on; never more than there is."""
    amount, unit = (int(seconds // 3600), "hour") if seconds >= 3 * 3600 else (max(0, int(seconds // 60)), "minute")
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def guarded(response: Response, *leads_to: str) -> Response:
    """Browsers hold `form-action` against the redirect after a form too, so the shop's own address is allowed."""
    shop = {_origin(url) for url in leads_to}
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
