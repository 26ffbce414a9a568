"""Closing one's own account."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import sessions
from marketplace.accounts.current import signed_in
from marketplace.accounts.forms.account import CloseForm
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.onward import go_on
from marketplace.accounts.services.close import StillNeeded, close, reasons_against
from marketplace.accounts.views.frame import bp, page
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.language import said
from marketplace.core.sentences import Sentence


@bp.route("/account/close", methods=["GET", "POST"])
@fresh_sign_in
def close_account() -> ResponseReturnValue:
    user, now, form = signed_in(), utcnow(), CloseForm()
    if not form.validate_on_submit():
        reasons = reasons_against(db.session(), user, now=now)
        return _page(form, reasons), 422 if form.is_submitted() else 200
    try:
        close(db.session(), user.id, now=now)
    except StillNeeded as needed:
        db.session.rollback()
        return _page(form, needed.reasons), 422
    db.session.commit()
    sessions.end()
    flash(_("Your account is closed. Thank you for having been here."))
    return go_on("")


def _page(form: CloseForm, reasons: list[Sentence]) -> str:
    return page("close", form=form, reasons=[said(reason) for reason in reasons])
