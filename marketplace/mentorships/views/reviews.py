"""What the two say of each other."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.messages import NAMED, NAMELESS, AnswerForm, ReviewForm
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.queries.reviews import of_mentee, reviews_of
from marketplace.mentorships.services import reviews as service
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of


@bp.get("/mentorships/<public_id>/review")
@login_required
def review(public_id: str) -> ResponseReturnValue:
    return _page(mine(public_id, Thing.REVIEW))


@bp.post("/mentorships/<public_id>/review")
@login_required
def write_review(public_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.REVIEW, Access.WRITE), ReviewForm()
    if not form.validate_on_submit():
        return _page(pair, form), 422
    said = service.Words(form.words.data, form.helped_with.data, is_named=form.shown_as.data == NAMED)
    service.review(db.session(), writer_of(pair), said)
    db.session.commit()
    flash(_("Kept. You can change it until it is published."))
    return redirect(url_for("mentorships.review", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/review/answer")
@login_required
def answer_review(public_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.ANSWER, Access.WRITE), AnswerForm()
    if not form.validate_on_submit():
        return _page(pair, answer_form=form), 422
    service.answer(db.session(), writer_of(pair), form.words.data)
    db.session.commit()
    flash(_("Your answer stands beneath it."))
    return redirect(url_for("mentorships.review", public_id=public_id), code=303)


def _page(pair: Pair, form: ReviewForm | None = None, answer_form: AnswerForm | None = None) -> str:
    me, session, now = signed_in(), db.session(), utcnow()
    known = reviews_of(session, pair.row, me.id, now)
    mine_now = known.mine
    said = {"shown_as": NAMED}
    if mine_now is not None:
        name = NAMED if mine_now.is_named else NAMELESS
        said = {"words": mine_now.words, "helped_with": mine_now.helped_with, "shown_as": name}
    return render_template(
        "mentorships/review.html",
        pair=pair,
        me=me,
        other=pair.other(me.id),
        role=pair.role_of(me.id),
        known=known,
        form=form or ReviewForm(formdata=None, data=said),
        answer_form=answer_form or AnswerForm(formdata=None),
        of_mentee=of_mentee(session, pair.row, now),
        zone=viewer_zone(),
    )
