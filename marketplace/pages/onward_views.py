"""After an ending: other mentors, and what of the mentee's own words comes along."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.words.bookings import answered
from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import mentor_by_slug
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.onward import OnwardForm
from marketplace.mentorships.queries.carried import mentors_known, takeable_of, taken_along
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.services.carrying import NothingToTake, leave_behind, take_along
from marketplace.mentorships.views.frame import mine
from marketplace.pages.views import bp
from marketplace.search.domain.matching import AFTER_AN_ENDING
from marketplace.search.looking_for import Looking, looking_of
from marketplace.search.suggesting import suggestions
from marketplace.search.suggesting_views import reader_of_this_page


@bp.get("/mentorships/<public_id>/onwards")
@login_required
def onwards(public_id: str) -> ResponseReturnValue:
    return _page(mine(public_id, Thing.CARRYING, Access.WRITE), None)


@bp.post("/mentorships/<public_id>/onwards")
@login_required
def take(public_id: str) -> ResponseReturnValue:
    """To the mentor whose button was pressed."""
    pair = mine(public_id, Thing.CARRYING, Access.WRITE)
    form = OnwardForm.of(takeable_of(db.session(), pair.row))
    if not form.validate_on_submit():
        return _page(pair, form), 422
    mentor = _another(pair, form.to.data or "")
    chosen = {"brief": form.brief.data, "goals": form.goals.data or ()}
    try:
        take_along(db.session(), pair.row, mentor.id, **chosen, now=utcnow())
    except NothingToTake as nothing:
        form.form_errors.append(spoken(nothing))
        return _page(pair, form), status_of(nothing)
    db.session.commit()
    flash(_("It comes along with the first session that you book here."), "success")
    return redirect(url_for("pages.mentor", slug=mentor.slug), code=303)


@bp.post("/mentorships/<public_id>/onwards/<slug>/leave")
@login_required
def leave(public_id: str, slug: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.CARRYING, Access.WRITE)
    leave_behind(db.session(), pair.row, mentor_by_slug(db.session(), slug).id)
    db.session.commit()
    return redirect(url_for("pages.onwards", public_id=public_id), code=303)


def _another(pair: Pair, slug: str) -> Mentor:
    """Raises NotFound for the one that it ends with, and for oneself."""
    mentor = mentor_by_slug(db.session(), slug)
    if mentor.id in (pair.row.mentor_id, pair.row.mentee_id):
        raise NotFound("There is no such mentor.")
    return mentor


def _page(pair: Pair, form: OnwardForm | None) -> str:
    session, me, reader = db.session(), signed_in(), reader_of_this_page()
    takeable = takeable_of(session, pair.row)
    return render_template(
        "pages/onwards.html",
        pair=pair,
        other=pair.other(me.id),
        form=form or OnwardForm.of(takeable, all_ticked=True),
        takeable=takeable,
        brief=answered(takeable.brief),
        taken=taken_along(session, pair.row),
        found=suggestions(
            session, _looking(pair), reader, settings(), but=mentors_known(session, me.id), most=AFTER_AN_ENDING
        ),
        zone=reader.zone,
    )


def _looking(pair: Pair) -> Looking:
    """What the mentee has said they need; else what the two have worked on, by the former mentor's topics."""
    said = looking_of(db.session(), pair.row.mentee_id)
    if said.needs:
        return said
    db.session.refresh(pair.row.mentor, ["topics"])
    return Looking(tuple(topic.name for topic in pair.row.mentor.topics), said.ways)
