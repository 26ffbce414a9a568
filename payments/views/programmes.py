"""Ending a programme without fault, by either of its two people; and taking the money for one session that was called
off. What goes back is read before it is pressed, and holds."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.domain.states import Canceller
from marketplace.accounts.current import signed_in
from marketplace.accounts.models import User
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from payments.forms.programmes import EndForm
from payments.offers.cancel import session_to_cancel
from payments.queries.programmes import programme_for
from payments.services.end_programme import EndChanged, EndWish, NothingToEnd, end_programme, ending
from payments.services.money_back import NoMoneyToTake, take_money_back
from payments.views.frame import bp, till


@bp.get("/purchases/<public_id>/end")
@login_required
def end(public_id: str) -> ResponseReturnValue:
    return _page(public_id, EndForm(formdata=None))


@bp.post("/purchases/<public_id>/end")
@login_required
def end_now(public_id: str) -> ResponseReturnValue:
    """Once, however often and by whomever it is pressed."""
    me, form, here = signed_in(), EndForm(), till()
    purchase, _programme = programme_for(db.session(), public_id, me.id)
    if not form.validate_on_submit():
        return _page(public_id, form, status=422)
    wish = EndWish(_side(purchase.mentee_id, me), me.id, form.agreed_minor)
    try:
        here.changing(partial(end_programme, here.session, purchase.id, wish, now=here.now))
    except NothingToEnd as over:
        db.session.rollback()
        flash(spoken(over), "warning")
        return redirect(url_for("pages.programme", public_id=public_id), code=303)
    except EndChanged as changed:
        db.session.rollback()
        form.form_errors.append(spoken(changed))
        return _page(public_id, form, status=status_of(changed))
    flash(_("The programme has ended. You both have it in your mail too."), "success")
    return redirect(url_for("pages.programme", public_id=public_id), code=303)


@bp.post("/sessions/<public_id>/money-back")
@login_required
def money_back(public_id: str) -> ResponseReturnValue:
    """For the mentee, once; what was pressed too late is answered by what stands."""
    here = till()
    booking, by = session_to_cancel(db.session(), public_id, signed_in().id)
    if by is not Canceller.MENTEE:
        raise NotFound("There is no such session.")
    try:
        here.changing(partial(take_money_back, here.session, booking.id, now=here.now))
        flash(_("Its money goes back to you."), "success")
    except NoMoneyToTake as late:
        db.session.rollback()
        flash(spoken(late), "warning")
    return redirect(url_for("pages.session", public_id=public_id), code=303)


def _page(public_id: str, form: EndForm, status: int = 200) -> ResponseReturnValue:
    """As it stands now: what would go back, or that nothing is left to end."""
    me, now = signed_in(), utcnow()
    purchase, programme = programme_for(db.session(), public_id, me.id)
    by = _side(purchase.mentee_id, me)
    try:
        found = ending(db.session(), purchase, by, now)
    except NothingToEnd as over:
        flash(spoken(over), "warning")
        return redirect(url_for("pages.programme", public_id=public_id), code=303)
    form.back.data, form.back.raw_data = str(found.back.minor), None
    is_mentees = by is Canceller.MENTEE
    other = db.session.get_one(User, purchase.mentor_id if is_mentees else purchase.mentee_id)
    shown = {"purchase": purchase, "programme": programme, "found": found, "form": form, "other": other}
    return render_template("payments/end.html", **shown, is_mentees=is_mentees, zone=viewer_zone()), status


def _side(mentee_id: int, me: User) -> Canceller:
    return Canceller.MENTEE if mentee_id == me.id else Canceller.MENTOR
