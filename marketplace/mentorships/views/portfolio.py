"""The portfolio: a page that prints well, a page to hand on, and a file for programs."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.assets import assets
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.mentorships.domain.portfolio import Extra
from marketplace.mentorships.domain.visibility import Thing
from marketplace.mentorships.showing.course import course_of, weeks_drawn
from marketplace.mentorships.showing.portfolio import Portfolio, portfolio_of
from marketplace.mentorships.showing.portfolio_json import as_json
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.words.pairs import EXTRAS, STEPS_ASKED


@bp.get("/mentorships/<public_id>/portfolio")
@login_required
def portfolio(public_id: str) -> ResponseReturnValue:
    kept = _chosen(public_id)
    return _page("mentorships/portfolio.html", kept, extras=EXTRAS, other=kept.pair.other(signed_in().id))


@bp.get("/mentorships/<public_id>/portfolio.html")
@login_required
def portfolio_page(public_id: str) -> Response:
    """One file that needs nothing of this site to be read."""
    styles = assets()["copy.css"].plain.decode()
    page = _page("mentorships/portfolio_file.html", _chosen(public_id), styles=styles)
    return _to_keep(Response(page, mimetype="text/html"), f"portfolio-{public_id}.html")


@bp.get("/mentorships/<public_id>/portfolio.json")
@login_required
def portfolio_file(public_id: str) -> Response:
    return _to_keep(jsonify(as_json(_chosen(public_id))), f"portfolio-{public_id}.json")


def _chosen(public_id: str) -> Portfolio:
    """What the address names of the extras; whatever else it names is nothing."""
    pair, named = mine(public_id, Thing.PORTFOLIO), request.args.getlist("with")
    return portfolio_of(db.session(), pair, [each for each in Extra if each in named], utcnow())


def _page(template: str, kept: Portfolio, **more: object) -> str:
    return render_template(
        template,
        kept=kept,
        pair=kept.pair,
        me=signed_in(),
        courses=[(goal, course_of(kept.scores_of(goal.paper.id), kept.pair)) for goal in kept.papers.goals],
        weeks=weeks_drawn(kept.check_ins),
        steps=STEPS_ASKED,
        zone=viewer_zone(),
        **more,
    )


def _to_keep(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
