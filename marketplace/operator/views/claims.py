"""Sessions whose two people do not agree on what became of them: the operator reads both, and decides with a reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.domain.outcomes import Decision
from booking.queries.outcomes import outcome_of, waiting_for_operator
from booking.services.outcomes import NotToBeDecided
from marketplace.accounts.current import signed_in
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.operator.history.case import case_of
from marketplace.operator.views.frame import bp
from payments.forms.outcomes import RulingForm
from payments.offers.outcomes import decisions
from payments.services.outcomes import Ruling
from payments.views.frame import till


@bp.get("/claims")
def claims() -> ResponseReturnValue:
    waiting = waiting_for_operator(db.session(), utcnow())
    return render_template("operator/claims.html", waiting=waiting, zone=viewer_zone())


@bp.get("/claims/<public_id>")
@fresh_sign_in
def claim(public_id: str) -> ResponseReturnValue:
    return _page(public_id, RulingForm(formdata=None))


@bp.post("/claims/<public_id>")
@fresh_sign_in
def rule(public_id: str) -> ResponseReturnValue:
    """Once, however often and by whomever it is pressed."""
    case, form = case_of(db.session(), public_id, settings()), RulingForm()
    form.offer(decisions(db.session(), case.booking, case.purchase))
    if not form.validate():
        return _page(public_id, form, status=422)
    ruling = Ruling(Decision(form.decision.data), signed_in().id, form.reason.data or "")
    try:
        till().decide(case.booking.id, ruling)
    except NotToBeDecided as refusal:
        db.session.rollback()
        form.form_errors.append(spoken(refusal))
        return _page(public_id, form, status=status_of(refusal))
    flash(_("It is decided, and both are told by mail."), "success")
    return redirect(url_for("operator.claims"), code=303)


def _page(public_id: str, form: RulingForm, status: int = 200) -> ResponseReturnValue:
    """As it stands now; without a form when there is nothing to decide."""
    case = case_of(db.session(), public_id, settings())
    form.offer(decisions(db.session(), case.booking, case.purchase))
    is_open = case.booking.settled_at is None and outcome_of(db.session(), case.booking, utcnow()).waits_for_operator
    page = render_template("operator/claim.html", case=case, booking=case.booking, form=form, is_open=is_open)
    return page, status
