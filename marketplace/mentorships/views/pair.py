"""All mentorships of a person, and each one's page."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.mentorships.domain.states import MOVES, Standing
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.queries import pairs_of
from marketplace.mentorships.services.standing import decide
from marketplace.mentorships.timeline import timeline
from marketplace.mentorships.views.frame import bp, mine


@bp.get("/mentorships")
@login_required
def index() -> ResponseReturnValue:
    me = signed_in()
    pairs = pairs_of(db.session(), me.id, utcnow())
    return render_template("mentorships/index.html", pairs=pairs, me=me, zone=viewer_zone())


@bp.get("/mentorships/<public_id>")
@login_required
def page(public_id: str) -> ResponseReturnValue:
    me, pair = signed_in(), mine(public_id, Thing.PAGE)
    return render_template(
        "mentorships/page.html",
        pair=pair,
        me=me,
        other=pair.other(me.id),
        moves=MOVES[pair.stage],
        events=timeline(db.session(), pair, me.id),
        zone=viewer_zone(),
    )


@bp.post("/mentorships/<public_id>/<any(open,paused,completed,ended):standing>")
@login_required
def change(public_id: str, standing: str) -> ResponseReturnValue:
    mine(public_id, Thing.STANDING, Access.WRITE)
    decide(db.session(), public_id, Standing(standing), by_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Done. The other one of you sees it here."))
    return redirect(url_for("mentorships.page", public_id=public_id), code=303)
