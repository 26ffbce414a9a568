"""Whether the two fit: asked and answered by each alone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.mentorships.domain.fit import Band, Item, dropped
from marketplace.mentorships.domain.states import OVER
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.fit import FitForm
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.queries.fit import asked_of, checks_of
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.services.fit import say_fit
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of
from marketplace.mentorships.words.fit import CAN_DO, HOW_MUCH, SHORT


@bp.get("/mentorships/<public_id>/fit")
@login_required
def fit(public_id: str) -> ResponseReturnValue:
    return _page(mine(public_id, Thing.FIT))


@bp.post("/mentorships/<public_id>/fit")
@login_required
def answer_fit(public_id: str) -> ResponseReturnValue:
    """Once for each session after which it is asked; what comes later finds that nothing is asked."""
    pair, me = mine(public_id, Thing.FIT, Access.WRITE), signed_in()
    asked = asked_of(db.session(), pair.row, me.id, utcnow())
    form = FitForm.of(pair.role_of(me.id), pair.other(me.id).name, asked.number if asked else 0)
    if asked is None or not form.is_of_now:
        return redirect(url_for("mentorships.fit", public_id=public_id), code=303)
    if not form.validate_on_submit():
        return _page(pair, form), 422
    say_fit(db.session(), writer_of(pair), asked.number, form.answers)
    db.session.commit()
    flash(_("Kept, for you alone."))
    return redirect(url_for("mentorships.fit", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/fit/leave")
@login_required
def leave_fit(public_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.FIT, Access.WRITE)
    asked = asked_of(db.session(), pair.row, signed_in().id, utcnow())
    if asked is not None:
        say_fit(db.session(), writer_of(pair), asked.number, None)
        db.session.commit()
    return redirect(url_for("mentorships.page", public_id=public_id), code=303)


def asks_fit(pair: Pair, user_id: int) -> bool:
    """Quietly, while it goes on; whoever leaves it is not asked again."""
    if pair.row.standing in OVER:
        return False
    return asked_of(db.session(), pair.row, user_id, utcnow()) is not None


def band() -> Band:
    return Band(*settings().fit_band)


def _page(pair: Pair, form: FitForm | None = None) -> str:
    me = signed_in()
    checks = checks_of(db.session(), pair.row.id, me.id)
    asked, other = asked_of(db.session(), pair.row, me.id, utcnow()), pair.other(me.id)
    if asked is not None:
        form = form or FitForm.of(pair.role_of(me.id), other.name, asked.number)
    said = [check for check in checks if check.answers is not None]
    return render_template(
        "mentorships/fit.html",
        pair=pair,
        me=me,
        other=other,
        form=form,
        said=said,
        fallen=_fallen(said),
        items=SHORT,
        how_much=HOW_MUCH,
        can_do=CAN_DO,
        zone=viewer_zone(),
    )


def _fallen(said: Sequence[FitCheck]) -> list[Item]:
    """What was at the top the time before the last, and is not any more."""
    answers = [check.answers for check in said[-2:] if check.answers is not None]
    return dropped(*answers) if len(answers) > 1 else []
