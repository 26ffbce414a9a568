"""All mentorships of a person, and each one's page."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.words.bookings import answered
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.mentorships.domain.states import MOVES, Standing
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.ending import RestForm
from marketplace.mentorships.queries.carried import brief_of
from marketplace.mentorships.queries.fit import of_mentors_pairs
from marketplace.mentorships.queries.glance import glances
from marketplace.mentorships.queries.pairs import Pair, pairs_of
from marketplace.mentorships.queries.papers import evidence_of, papers_and_corrections
from marketplace.mentorships.queries.reviews import reviews_of
from marketplace.mentorships.queries.sessions import actions_of, check_ins_of
from marketplace.mentorships.services.standing import decide, rest
from marketplace.mentorships.showing.course import shown_actions, weeks_drawn
from marketplace.mentorships.showing.timeline import timeline
from marketplace.mentorships.views.actions import empty_action
from marketplace.mentorships.views.fit import asks_fit, band
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.words.fit import pairs_words
from payments.queries.programmes import Bought, to_go_on_with


@bp.get("/mentorships")
@login_required
def index() -> ResponseReturnValue:
    """As a mentor at a glance, who needs something first; as a mentee by the next session."""
    me, now = signed_in(), utcnow()
    pairs = pairs_of(db.session(), me.id, now)
    mentees = [pair for pair in pairs if pair.row.mentor_id == me.id]
    today = now.astimezone(me.tz).date()
    return render_template(
        "mentorships/index.html",
        pairs=[pair for pair in pairs if pair.row.mentee_id == me.id],
        glances=glances(db.session(), mentees, now, today) if mentees else [],
        fit=pairs_words(band().place(of_mentors_pairs(db.session(), me.id, now))) if mentees else "",
        me=me,
        zone=viewer_zone(),
    )


@bp.get("/mentorships/<public_id>")
@login_required
def page(public_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.PAGE)
    return _page(pair, RestForm(formdata=None, obj=pair.row))


def _page(pair: Pair, rest_form: RestForm) -> str:
    me = signed_in()
    papers, corrections = papers_and_corrections(db.session(), pair.row.id)
    evidence = evidence_of(db.session(), pair.row.id)
    check_ins = check_ins_of(db.session(), pair.row.id)
    return render_template(
        "mentorships/page.html",
        pair=pair,
        me=me,
        other=pair.other(me.id),
        role=pair.role_of(me.id),
        asks_fit=asks_fit(pair, me.id),
        moves=MOVES[pair.stage],
        rest_form=rest_form,
        brief=answered(brief_of(db.session(), pair.row)),
        papers=papers,
        reached={each.step_key for each in evidence},
        actions=shown_actions(actions_of(db.session(), pair.row.id)),
        new_action=empty_action(pair),
        check_ins=check_ins,
        weeks=weeks_drawn(check_ins),
        today=utcnow().astimezone(viewer_zone()).date(),
        programmes=_programmes(pair),
        events=timeline(db.session(), pair, corrections, evidence, me.id),
        reviews=reviews_of(db.session(), pair.row, me.id, utcnow()),
        zone=viewer_zone(),
    )


def _programmes(pair: Pair) -> list[Bought]:
    """Of which something is still to be booked."""
    bought = to_go_on_with(db.session(), pair.row.mentee_id)
    return [each for each in bought if each.mentor.id == pair.row.mentor_id]


@bp.post("/mentorships/<public_id>/<any(open,completed):standing>")
@login_required
def change(public_id: str, standing: str) -> ResponseReturnValue:
    mine(public_id, Thing.STANDING, Access.WRITE)
    decide(db.session(), public_id, Standing(standing), by_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Done. The other one of you sees it here."))
    return redirect(url_for("mentorships.page", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/paused")
@login_required
def let_rest(public_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.STANDING, Access.WRITE), RestForm()
    if not form.validate_on_submit():
        return _page(pair, form), 422
    rest(db.session(), public_id, form.back_on.data, by_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Done. The other one of you sees it here."))
    return redirect(url_for("mentorships.page", public_id=public_id), code=303)
