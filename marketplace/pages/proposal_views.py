"""A mentor's proposal of another time: what it says, and what each of the two may do with it until it is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.domain.states import Canceller
from booking.models.bookings import Booking
from booking.queries.moves import to_answer
from booking.services.ahead import AlreadyCancelled
from booking.services.cancel import NotCancellable
from booking.services.move import NotMovable
from booking.services.propose import Answer, ProposalOver
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.language import spoken
from marketplace.pages.move_page import session_to_move, session_to_propose_for
from marketplace.pages.queries import session_of, sold_as
from marketplace.pages.views import bp
from payments.queries.cancelling import dues_if_cancelled
from payments.services.proposals import accept_proposal, take_all_back, withdraw_proposal
from payments.views.frame import till


@bp.get("/sessions/<public_id>/proposal")
@login_required
def proposal(public_id: str) -> ResponseReturnValue:
    """For both people; on to the session once there is nothing to answer."""
    me, now = signed_in(), utcnow()
    booking = session_of(db.session(), public_id, me.id)
    asked = to_answer(db.session(), booking.id, now)
    sold = sold_as(db.session(), booking.id)
    if asked is None or sold is None:
        flash(_("Nothing is proposed for this session now."), "warning")
        return _to_the_session(public_id)
    is_mentees = booking.mentee_id == me.id
    return render_template(
        "pages/proposal.html",
        booking=booking,
        proposal=asked,
        is_mentees=is_mentees,
        other=booking.mentor.user if is_mentees else booking.mentee,
        other_zone=ZoneInfo(asked.zone) if is_mentees else booking.mentee.tz,
        back=dues_if_cancelled(db.session(), sold[0], booking, Canceller.MENTOR, now).back,
        zone=viewer_zone(),
    )


@bp.post("/sessions/<public_id>/proposal/accept")
@login_required
def accept(public_id: str) -> ResponseReturnValue:
    booking = session_to_move(db.session(), public_id, signed_in().id)
    return _done(booking, accept_proposal, _("The session is moved. The new invitation is in your mail."))


@bp.post("/sessions/<public_id>/proposal/take-back")
@login_required
def take_back(public_id: str) -> ResponseReturnValue:
    """Of the mentee's money: all of it, whatever the notice."""
    booking = session_to_move(db.session(), public_id, signed_in().id)
    return _done(booking, take_all_back, _("The session is cancelled. The confirmation is in your mail too."))


@bp.post("/sessions/<public_id>/proposal/withdraw")
@login_required
def withdraw(public_id: str) -> ResponseReturnValue:
    booking = session_to_propose_for(db.session(), public_id, signed_in().id)
    return _done(booking, withdraw_proposal, _("You have taken it back. The session stays as it is."))


def _done(booking: Booking, act: Callable[..., None], says: str) -> ResponseReturnValue:
    """Once, for the proposal that stood on the page; whoever comes second is told what stands."""
    here, answer = till(), Answer(signed_in().id, request.form.get("proposal", ""))
    try:
        here.change_time(partial(act, here.session, booking.id, answer, now=here.now))
    except (ProposalOver, AlreadyCancelled, NotCancellable, NotMovable) as late:
        db.session.rollback()
        flash(spoken(late), "warning")
    else:
        flash(says, "success")
    return _to_the_session(booking.public_id)


def _to_the_session(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("pages.session", public_id=public_id), code=303)
