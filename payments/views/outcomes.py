"""How a session was, said by one of its two people; with what follows from it, in sums and dates."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.domain.outcomes import Said
from booking.models.bookings import Booking
from booking.queries.outcomes import side_of
from booking.services.outcomes import NotToBeSaid
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from payments.forms.outcomes import HowItWasForm
from payments.offers.cancel import session_to_cancel
from payments.offers.outcomes import Story, story_of
from payments.queries.sales import purchase_of
from payments.services.outcomes import Saying
from payments.views.frame import bp, till


@bp.get("/sessions/<public_id>/how-it-was")
@login_required
def how_it_was(public_id: str) -> ResponseReturnValue:
    booking, story = _own(public_id)
    return _page(booking, story, HowItWasForm(formdata=None))


@bp.post("/sessions/<public_id>/how-it-was")
@login_required
def say_how_it_was(public_id: str) -> ResponseReturnValue:
    booking, story = _own(public_id)
    form, me = HowItWasForm(), signed_in()
    form.offer(story.choices)
    if not form.validate() or form.lacks_words():
        return _page(booking, story, form, status=422)
    saying = Saying(side_of(booking, me.id), me.id, Said(form.said.data), form.words.data or "")
    try:
        till().say(booking.id, saying)
    except NotToBeSaid as late:
        db.session.rollback()
        form.form_errors.append(spoken(late))
        return _page(*_own(public_id), form, status=status_of(late))
    flash(_("Thank you. It is kept, and the other one is told by mail."), "success")
    return redirect(url_for("pages.session", public_id=public_id), code=303)


def _own(public_id: str) -> tuple[Booking, Story]:
    """Raises NotFound: of another's session, and while there is nothing to say of it."""
    me = signed_in()
    booking, _by = session_to_cancel(db.session(), public_id, me.id)
    story = story_of(db.session(), booking, purchase_of(db.session(), booking), me.id, viewer_zone(), utcnow())
    if story is None:
        raise NotFound("There is nothing to say of this session now.")
    return booking, story


def _page(booking: Booking, story: Story, form: HowItWasForm, status: int = 200) -> ResponseReturnValue:
    form.offer(story.choices)
    is_mentees = booking.mentee_id == signed_in().id
    other = booking.mentor.user if is_mentees else booking.mentee
    page = render_template(
        "payments/how_it_was.html",
        form=form,
        story=story,
        booking=booking,
        other=other,
        other_zone=booking.zone if is_mentees else other.zone,
        zone=viewer_zone(),
    )
    return page, status
