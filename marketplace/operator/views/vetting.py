"""The operator reads profiles and decides; and sees who did what."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import Conflict
from marketplace.core.http import settings
from marketplace.core.language import spoken
from marketplace.core.paging import page_number
from marketplace.mentors.domain.states import OPERATORS, moves_from
from marketplace.mentors.queries import applicant_by_slug
from marketplace.mentors.services.moves import mark_seen
from marketplace.mentors.words import MOVES
from marketplace.operator import mails  # noqa: F401  # registers how decisions are worded
from marketplace.operator.forms.deciding import DecisionForm
from marketplace.operator.queries.vetting import Shown, changes_of, counts, history, mentor_lines
from marketplace.operator.services import decide as decide_about
from marketplace.operator.views.frame import PER_PAGE, bp
from payments.readiness import readiness


@bp.get("/mentors")
def mentors() -> ResponseReturnValue:
    page, asked = page_number(), request.args.get("state", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.SUBMITTED
    lines = mentor_lines(db.session(), shown, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/mentors.html",
        lines=lines[:PER_PAGE],
        shown=shown,
        counts=counts(db.session()),
        page=page,
        has_more=len(lines) > PER_PAGE,
    )


@bp.get("/mentors/<slug>")
def mentor(slug: str) -> ResponseReturnValue:
    return _page(slug, DecisionForm(formdata=None))


@bp.post("/mentors/<slug>")
def decide(slug: str) -> ResponseReturnValue:
    mentor, form, now = applicant_by_slug(db.session(), slug), DecisionForm(), utcnow()
    name, move = mentor.user.name, form.move()
    if not form.validate() or form.lacks_button() or move is None or form.lacks_reason(move):
        return _page(slug, form), 422
    operator = signed_in().id
    try:
        decide_about(
            db.session(), mentor.id, move, read=form.read.data, reason=form.reason.data, operator_id=operator, now=now
        )
    except Conflict as late:
        db.session.rollback()
        form.form_errors.append(spoken(late))
        return _page(slug, form), 409
    db.session.commit()
    flash(_("Done: %(what)s. %(name)s is told by mail.", what=MOVES[move], name=name))
    return redirect(url_for("operator.mentors"), code=303)


@bp.post("/mentors/<slug>/seen")
def seen(slug: str) -> ResponseReturnValue:
    mentor, form = applicant_by_slug(db.session(), slug), DecisionForm()
    mark_seen(db.session(), mentor.id, read=form.read.data or 0, actor_id=signed_in().id, now=utcnow())
    db.session.commit()
    return redirect(url_for("operator.mentors", state=Shown.CHANGED), code=303)


def _page(slug: str, form: DecisionForm) -> str:
    mentor = applicant_by_slug(db.session(), slug)
    form.read.data, form.read.raw_data = mentor.revision, None
    done = history(db.session(), mentor.id)
    return render_template(
        "operator/mentor.html",
        mentor=mentor,
        form=form,
        items=readiness(db.session(), mentor, settings()),
        moves=moves_from(mentor.state, OPERATORS),
        move_words=MOVES,
        history=done,
        changes=changes_of(db.session(), [deed.entry for deed in done]),
        plainly=plainly,
    )


def plainly(value: object) -> str:
    """A value of a profile before or after a change, for people: one entry a line."""
    if isinstance(value, list):
        return "\n".join(plainly(each) for each in value)
    if isinstance(value, dict):
        return " · ".join(plainly(each) for each in value.values())
    return "–" if value in (None, "") else str(value)
