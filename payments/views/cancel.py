"""Cancelling a session, by one of its two people. What goes back is read before it is pressed, and holds."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.models.bookings import Booking
from booking.services.ahead import AlreadyCancelled
from booking.services.cancel import NotCancellable
from booking.words.bookings import who_cancelled
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from payments.forms.cancel import CancelForm
from payments.offers.cancel import offer_of, session_to_cancel
from payments.services.cancel import SumChanged, Wish
from payments.views.frame import bp, till


@bp.get("/sessions/<public_id>/cancel")
@login_required
def cancel(public_id: str) -> ResponseReturnValue:
    return _page(public_id, CancelForm(formdata=None))


@bp.post("/sessions/<public_id>/cancel")
@login_required
def cancel_now(public_id: str) -> ResponseReturnValue:
    """Once, however often and by whomever it is pressed; who comes second is told what stands."""
    me, form = signed_in(), CancelForm()
    booking, by = session_to_cancel(db.session(), public_id, me.id)
    if not form.validate_on_submit():
        return _page(public_id, form, status=422)
    wish = Wish(by, me.id, form.reason.data or "", form.agreed_minor)
    try:
        till().cancel(booking.id, wish)
    except (AlreadyCancelled, NotCancellable) as late:
        db.session.rollback()
        return _page(public_id, form, status=status_of(late))
    except SumChanged as changed:
        db.session.rollback()
        form.form_errors.append(spoken(changed))
        return _page(public_id, form, status=status_of(changed))
    flash(_("The session is cancelled. The confirmation is in your mail too."), "success")
    return redirect(url_for("pages.session", public_id=public_id), code=303)


def _page(public_id: str, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    """As it stands now: what would go back, that it is too late, or on to the session that somebody has cancelled."""
    booking, by = session_to_cancel(db.session(), public_id, signed_in().id)
    try:
        offer = offer_of(db.session(), booking, by, utcnow())
    except AlreadyCancelled:
        flash(_stands(booking), "warning")
        return redirect(url_for("pages.session", public_id=public_id), code=303)
    except NotCancellable as refusal:
        page = render_template("payments/not_cancellable.html", booking=booking, sentence=spoken(refusal))
        return page, status_of(refusal)
    form.back.data, form.back.raw_data = str(offer.back.minor), None
    is_mentees = by == "mentee"
    other = booking.mentor.user if is_mentees else booking.mentee
    form.reason.label.text = _("A word to %(name)s, if you like", name=other.name)
    return (
        render_template(
            "payments/cancel.html",
            form=form,
            offer=offer,
            booking=booking,
            is_mentees=is_mentees,
            other=other,
            other_zone=booking.zone if is_mentees else other.zone,
            zone=viewer_zone(),
        ),
        status,
    )


def _stands(booking: Booking) -> str:
    me = signed_in()
    other = booking.mentor.user if booking.mentee_id == me.id else booking.mentee
    return who_cancelled(booking, me.id, other.name)
