"""Reporting to those who run the site what the other one wrote, or how."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.db import db
from marketplace.core.ids import public_id as drawn_id
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.messages import ReportForm
from marketplace.mentorships.forms.papers import is_public_id
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.services import reports as service
from marketplace.mentorships.services.reports import About
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of


@bp.get("/mentorships/<public_id>/report")
@login_required
def report(public_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.REPORT, Access.WRITE)
    return _page(pair, ReportForm(formdata=None, data={"form": drawn_id()}))


@bp.post("/mentorships/<public_id>/report")
@login_required
def send_report(public_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.REPORT, Access.WRITE), ReportForm()
    if not form.validate_on_submit():
        return _page(pair, form), 422
    name = form.form.data or ""
    name = name if is_public_id(name) else drawn_id()
    service.report(db.session(), writer_of(pair), _about(), form.reason.data, form=name)
    db.session.commit()
    flash(_("Thank you. Somebody who runs this site reads it. The other one of you is not told."))
    return redirect(url_for("mentorships.messages", public_id=public_id), code=303)


def _about() -> About:
    """By the address of the page: `?message=…`, `?review=…`, or neither."""
    return About(request.args.get("message", ""), request.args.get("review", ""))


def _page(pair: Pair, form: ReportForm) -> str:
    """With what the operator will read, so that nobody reports more than they mean. Raises NotFound."""
    about, writer, words = _about(), writer_of(pair), ""
    if about.message:
        words = service.message_to_report(db.session(), writer, about.message).words
    elif about.review:
        words = service.review_to_report(db.session(), writer, about.review).words
    me = signed_in()
    return render_template(
        "mentorships/report.html", pair=pair, me=me, other=pair.other(me.id), form=form, about=about, words=words
    )
