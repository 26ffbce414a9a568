"""Refunds that did not arrive: asked again, or paid in another way."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.paging import page_number
from marketplace.operator.forms.refunds import ByHandForm
from marketplace.operator.queries.refunds import stuck_refunds
from marketplace.operator.views.frame import PER_PAGE, bp
from payments.services.refund_by_hand import ask_again, pay_by_hand


@bp.get("/refunds")
def refunds() -> ResponseReturnValue:
    return _refunds(ByHandForm())


@bp.post("/refunds/<int:refund_id>/again")
def refund_again(refund_id: int) -> ResponseReturnValue:
    ask_again(db.session(), refund_id, operator_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Stripe is being asked again."))
    return redirect(url_for("operator.refunds"), code=303)


@bp.post("/refunds/<int:refund_id>/by-hand")
def refund_by_hand(refund_id: int) -> ResponseReturnValue:
    form = ByHandForm()
    if not form.validate_on_submit():
        return _refunds(form, about=refund_id), 422
    pay_by_hand(db.session(), refund_id, operator_id=signed_in().id, how=form.how.data, now=utcnow())
    db.session.commit()
    flash(_("Noted, and the mentee has been told."))
    return redirect(url_for("operator.refunds"), code=303)


def _refunds(form: ByHandForm, about: int | None = None) -> str:
    """`about` is the refund whose form was sent and is not right yet."""
    page, settled = page_number(), request.args.get("state") == "settled"
    lines = stuck_refunds(db.session(), settled=settled, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/refunds.html",
        lines=lines[:PER_PAGE],
        settled=settled,
        page=page,
        has_more=len(lines) > PER_PAGE,
        form=form,
        about=about,
    )
