"""The operator cancels a session, with a reason that both people read."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.domain.states import Canceller
from booking.services.ahead import AlreadyCancelled
from booking.services.cancel import NotCancellable
from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from marketplace.operator.views.frame import bp
from payments.forms.cancel import OperatorsCancelForm
from payments.offers.cancel import anybodys_session, offer_of
from payments.services.cancel import SumChanged, Wish
from payments.views.frame import till


@bp.get("/bookings/<public_id>/cancel")
def cancel(public_id: str) -> ResponseReturnValue:
    return _page(public_id, OperatorsCancelForm(formdata=None))


@bp.post("/bookings/<public_id>/cancel")
def cancel_now(public_id: str) -> ResponseReturnValue:
    booking, form = anybodys_session(db.session(), public_id), OperatorsCancelForm()
    if not form.validate_on_submit():
        return _page(public_id, form, status=422)
    wish = Wish(Canceller.OPERATOR, signed_in().id, form.reason.data or "", form.agreed_minor)
    try:
        till().cancel(booking.id, wish)
    except (AlreadyCancelled, NotCancellable, SumChanged) as refusal:
        db.session.rollback()
        form.form_errors.append(spoken(refusal))
        return _page(public_id, form, status=status_of(refusal))
    flash(_("The session is cancelled, and both are told by mail."), "success")
    return redirect(url_for("operator.bookings"), code=303)


def _page(public_id: str, form: OperatorsCancelForm, status: int = 200) -> ResponseReturnValue:
    """As it stands now; without a form once it cannot be cancelled any more."""
    booking = anybodys_session(db.session(), public_id)
    try:
        offer = offer_of(db.session(), booking, Canceller.OPERATOR, utcnow())
    except (AlreadyCancelled, NotCancellable) as refusal:
        page = render_template("operator/cancel.html", booking=booking, form=form, offer=None, sentence=spoken(refusal))
        return page, status_of(refusal)
    form.back.data, form.back.raw_data = str(offer.back.minor), None
    return render_template("operator/cancel.html", booking=booking, form=form, offer=offer), status
