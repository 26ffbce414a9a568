"""Shared notes and messages for a bank that disputes the payment of a session: only what one of the two has ticked."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.models.bookings import Booking
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.for_the_bank import ForTheBankForm
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.services.for_the_bank import attach_chosen, pieces_of
from marketplace.mentorships.views.frame import bp, mine
from payments.offers.cancel import session_to_cancel
from payments.offers.disputes import DisputeStory, dispute_story
from payments.queries.sales import purchase_of
from payments.services.attachments import NothingToAttach, TooMuchAttached


@bp.get("/mentorships/<public_id>/sessions/<booking_id>/for-the-bank")
@login_required
def for_the_bank(public_id: str, booking_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.FOR_THE_BANK)
    return _page(pair, _disputed(pair, booking_id), ForTheBankForm(formdata=None))


@bp.post("/mentorships/<public_id>/sessions/<booking_id>/for-the-bank")
@login_required
def attach_for_the_bank(public_id: str, booking_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.FOR_THE_BANK, Access.WRITE), ForTheBankForm()
    booking = _disputed(pair, booking_id)
    if not form.validate_on_submit():
        return _page(pair, booking, form), 422
    me, chosen = signed_in().id, form.chosen.data or []
    try:
        attach_chosen(db.session(), pair.row, booking, chosen, person_id=me, now=utcnow())
    except (NothingToAttach, TooMuchAttached) as refusal:
        db.session.rollback()
        form.chosen.errors = [spoken(refusal)]
        return _page(mine(public_id, Thing.FOR_THE_BANK), _disputed(pair, booking_id), form), status_of(refusal)
    db.session.commit()
    flash(_("It is attached to our answer to the bank."), "success")
    return redirect(url_for("pages.session", public_id=booking_id), code=303)


def _disputed(pair: Pair, booking_id: str) -> Booking:
    """One of this pair's sessions, of whose payment a bank asks. Raises NotFound."""
    booking, _side = session_to_cancel(db.session(), booking_id, signed_in().id)
    if (booking.mentor_id, booking.mentee_id) != (pair.row.mentor_id, pair.row.mentee_id) or _story(booking) is None:
        raise NotFound("There is nothing here.")
    return booking


def _story(booking: Booking) -> DisputeStory | None:
    is_mentees = booking.mentee_id == signed_in().id
    return dispute_story(db.session(), booking, purchase_of(db.session(), booking), is_mentees=is_mentees)


def _page(pair: Pair, booking: Booking, form: ForTheBankForm) -> str:
    story, me = _story(booking), signed_in()
    assert story is not None, "there is a dispute"
    known = {each.source for each in story.attached}
    pieces = [each for each in pieces_of(db.session(), pair.row, booking) if each.source not in known]
    return render_template(
        "mentorships/for_the_bank.html",
        pair=pair,
        other=pair.other(me.id),
        me=me,
        booking=booking,
        story=story,
        pieces=pieces if story.is_open else [],
        ticked=form.chosen.data or [],
        form=form,
        zone=viewer_zone(),
    )
