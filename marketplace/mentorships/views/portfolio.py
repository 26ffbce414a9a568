"""The portfolio: a page that prints well, and a file."""

from __future__ import annotations

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.db import db
from marketplace.mentorships.course import course_of, weeks_drawn
from marketplace.mentorships.domain.visibility import Thing
from marketplace.mentorships.portfolio import as_json, portfolio_of
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.words import STEPS_ASKED


@bp.get("/mentorships/<public_id>/portfolio")
@login_required
def portfolio(public_id: str) -> ResponseReturnValue:
    pair, me = mine(public_id, Thing.PORTFOLIO), signed_in()
    kept = portfolio_of(db.session(), pair)
    return render_template(
        "mentorships/portfolio.html",
        kept=kept,
        pair=pair,
        me=me,
        other=pair.other(me.id),
        courses=[(goal, course_of(kept.scores, goal.paper.id, pair)) for goal in kept.papers.goals],
        weeks=weeks_drawn(kept.check_ins),
        steps=STEPS_ASKED,
        zone=viewer_zone(),
    )


@bp.get("/mentorships/<public_id>/portfolio.json")
@login_required
def portfolio_file(public_id: str) -> Response:
    pair = mine(public_id, Thing.PORTFOLIO)
    answer = jsonify(as_json(portfolio_of(db.session(), pair)))
    answer.headers["Content-Disposition"] = f"attachment; filename=portfolio-{public_id}.json"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
