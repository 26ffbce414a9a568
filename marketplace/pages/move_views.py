"""Moving a session, by its mentee, or proposing it, by its mentor: a day, a time, old and new side by side."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.models.bookings import Booking
from booking.services.ahead import AlreadyCancelled
from booking.services.hold import NotBookable, SlotTaken
from booking.services.move import MovedMeanwhile, NewTime, NotMovable
from booking.services.propose import ProposedAlready
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core import formats
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.pages.asked import Asked
from marketplace.pages.move_page import MovePage, move_page, propose_page, session_to_move, session_to_propose_for
from marketplace.pages.views import bp
from payments.forms.move import MoveForm
from payments.services.proposals import propose_time
from payments.views.frame import till


@bp.get("/sessions/<public_id>/move")
@login_required
def move(public_id: str) -> ResponseReturnValue:
    booking = session_to_move(db.session(), public_id, signed_in().id)
    return _page(booking, Asked.read(request.args), MoveForm(formdata=None))


@bp.post("/sessions/<public_id>/move")
@login_required
def move_now(public_id: str) -> ResponseReturnValue:
    """Once for each page that was pressed; who presses twice is led to where the session is now."""
    me, form = signed_in(), MoveForm()
    booking, start = session_to_move(db.session(), public_id, me.id), form.starts_at
    if start is None:
        flash(_("Choose a time from the list."), "warning")
        return redirect(url_for("pages.move", public_id=public_id), code=303)
    asked = replace(Asked.read(request.args), start=start)
    if not form.validate_on_submit():
        return _page(booking, asked, form, status=422)
    try:
        till().move(booking.id, NewTime(start, me.id, form.reason.data or "", form.sequence_seen))
    except (AlreadyCancelled, NotMovable, SlotTaken, NotBookable) as refusal:
        return _refused(booking, asked, form, refusal)
    except MovedMeanwhile as moved:
        db.session.rollback()
        return _there(booking) if booking.starts_at == start else _refused(booking, asked, form, moved)
    return _there(booking)


@bp.get("/sessions/<public_id>/propose")
@login_required
def propose(public_id: str) -> ResponseReturnValue:
    booking = session_to_propose_for(db.session(), public_id, signed_in().id)
    return _page(booking, Asked.read(request.args), MoveForm(formdata=None))


@bp.post("/sessions/<public_id>/propose")
@login_required
def propose_now(public_id: str) -> ResponseReturnValue:
    """One at a time: who presses twice is led to what they have proposed."""
    me, form, here = signed_in(), MoveForm(), till()
    booking, start = session_to_propose_for(db.session(), public_id, me.id), form.starts_at
    if start is None:
        flash(_("Choose a time from the list."), "warning")
        return redirect(url_for("pages.propose", public_id=public_id), code=303)
    asked = replace(Asked.read(request.args), start=start)
    if not form.validate_on_submit():
        return _page(booking, asked, form, status=422)
    wanted = NewTime(start, me.id, form.reason.data or "", form.sequence_seen)
    try:
        here.change_time(partial(propose_time, here.session, booking.id, wanted, now=here.now, settings=here.settings))
    except (AlreadyCancelled, NotMovable, MovedMeanwhile, ProposedAlready, SlotTaken, NotBookable) as refusal:
        return _refused(booking, asked, form, refusal)
    flash(_("Your proposal is on its way. Both times are kept until it is answered."), "success")
    return redirect(url_for("pages.proposal", public_id=public_id), code=303)


def _there(booking: Booking) -> ResponseReturnValue:
    flash(_("The session is moved. The new invitation is in your mail."), "success")
    return redirect(url_for("pages.session", public_id=booking.public_id), code=303)


def _refused(booking: Booking, asked: Asked, form: MoveForm, refusal: DomainError) -> ResponseReturnValue:
    """The page again, as it stands now, with what was written."""
    db.session.rollback()
    form.form_errors.append(spoken(refusal))
    return _page(booking, asked, form, status=status_of(refusal))


def _page(booking: Booking, asked: Asked, form: MoveForm, status: int = 200) -> ResponseReturnValue:
    make = move_page if booking.mentee_id == signed_in().id else propose_page
    try:
        page = make(db.session(), booking, asked, viewer_zone(), settings(), utcnow())
    except ProposedAlready as before:
        flash(spoken(before), "warning")
        return redirect(url_for("pages.proposal", public_id=booking.public_id), code=303)
    except AlreadyCancelled as cancelled:
        flash(spoken(cancelled), "warning")
        return redirect(url_for("pages.session", public_id=booking.public_id), code=303)
    except NotMovable as refusal:
        told = {"booking": booking, "sentence": spoken(refusal), "may_cancel": utcnow() < booking.starts_at}
        return render_template("pages/not_movable.html", **told), status_of(refusal)
    _fill(form, page)
    return (
        render_template("pages/move.html", page=page, form=form, zone=viewer_zone(), zones=zone_choices()),
        status,
    )


def _fill(form: MoveForm, page: MovePage) -> None:
    """With what stands on the page now, so that pressing again means that."""
    chosen = page.times.chosen if page.times else None
    form.start.data = formats.instant(chosen.start) if chosen else ""
    form.seen.data = str(page.booking.sequence)
    form.reason.label.text = _("A word to %(name)s, if you like", name=page.other.name)
