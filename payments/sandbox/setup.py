"""The page where somebody who is to be paid says who they are. A link to it is good for one visit."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox.account_objects import epoch
from payments.sandbox.accounts import GIVEN, account_with, give
from payments.sandbox.call import Origin, new_id
from payments.sandbox.hosted import guarded
from payments.sandbox.parts import Parts
from payments.sandbox.store import Body, Tx


def setup(parts: Parts) -> Blueprint:
    bp = Blueprint("setup", __name__, url_prefix="/setup")

    @bp.get("/<token>")
    def visit(token: str) -> AnyResponse:
        """A link that is used or too old leads to the refresh address, where the platform makes another one."""
        now = int(parts.clock.now())
        with parts.store.writing() as tx:
            row = _link(tx, token)
            if row is None:
                return _missing()
            key, link = row
            if link["_visit"] is not None or epoch(link["expires_at"]) <= now:
                return redirect(_leads_to(link, "refresh_url"), 303)
            link = tx.save(link | {"_visit": new_id("visit", 32)})
            account = account_with(tx, key, link["account"], now)
        page = make_response(render_template("setup.html", link=link, account=account))
        return guarded(page, _leads_to(link, "return_url"), _leads_to(link, "refresh_url"))

    @bp.post("/<token>")
    def press(token: str) -> AnyResponse:
        """Whoever was on the page goes back to the platform, whatever they gave."""
        given, now = request.form.get("given", ""), int(parts.clock.now())
        with parts.store.writing() as tx:
            row = _link(tx, token)
            if row is None or given not in {*GIVEN, "leave"}:
                return _missing()
            key, link = row
            if link["_visit"] is None or request.form.get("visit") != link["_visit"]:
                return redirect(_leads_to(link, "refresh_url"), 303)
            if given != "leave":
                give(tx, Origin(key, now), account_with(tx, key, link["account"], now), given)
        return redirect(_leads_to(link, "return_url"), 303)

    return bp


def _link(tx: Tx, token: str) -> tuple[str, Body] | None:
    """With the key whose platform made it."""
    row = tx.row(token)
    return row if row and row[1]["object"] == "v2.core.account_link" else None


def _missing() -> Response:
    return guarded(make_response(render_template("missing.html"), 404))


def _leads_to(link: Body, name: str) -> str:
    """Who left out where to return to is led to the refresh address."""
    onboarding = link["use_case"]["account_onboarding"]
    return str(onboarding[name] or onboarding["refresh_url"])
