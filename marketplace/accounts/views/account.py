"""A person's own account, and the zone in which they read times."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in, visitor
from marketplace.accounts.forms.account import AccountForm
from marketplace.accounts.onward import onward, without_zone
from marketplace.accounts.services.wishes import keep_wishes, keep_zone
from marketplace.accounts.views.frame import bp, page
from marketplace.accounts.zones import COOKIE, known_zone, offered_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import RuleBroken
from marketplace.core.http import settings

YEAR_SECONDS = 365 * 24 * 60 * 60


@bp.route("/account", methods=["GET", "POST"])
@login_required
def account() -> ResponseReturnValue:
    user = signed_in()
    form = AccountForm(obj=user)
    form.offer_zones(user)
    if not form.validate_on_submit():
        offered = offered_zone(user.zone, utcnow())
        return page("account", form=form, user=user, offered=offered), 422 if form.is_submitted() else 200
    keep_wishes(db.session(), user, form.wishes())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("accounts.account"), code=303)


@bp.post("/zone")
def zone() -> ResponseReturnValue:
    chosen = known_zone(request.form.get("zone", "").strip())
    if chosen is None:
        raise RuleBroken("That is not a time zone we know. Choose one such as Europe/Stockholm.")
    answer = redirect(without_zone(onward()) or "/", code=303)
    if user := visitor():
        keep_zone(db.session(), user, chosen)
        db.session.commit()
        return answer
    # Not for scripts: what the visitor chose must not be overwritten with what the browser thinks.
    secure = settings().public_url.startswith("https://")
    answer.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure)
    return answer
