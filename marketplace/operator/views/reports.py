"""What people reported: who runs the site reads that one thing and the reason, and that they did stands in the log."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, TextAreaField

from marketplace.accounts.current import signed_in
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.models import User
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.fields import Words
from marketplace.core.forms import Form
from marketplace.core.paging import page_number
from marketplace.mentorships.queries.reports import report_lines, reported_words
from marketplace.mentorships.services.reports import open_report, settle
from marketplace.operator.forms.deciding import LONGEST_REASON
from marketplace.operator.views.frame import PER_PAGE, bp


class SettlingForm(Form):
    hides = BooleanField(lazy_gettext("Hide this review"))
    why = TextAreaField(
        lazy_gettext("What you did, and why"),
        [Words(LONGEST_REASON, lazy_gettext("Say what you did: it stands in the log."), lines=True)],
    )


@bp.get("/reports")
def reports() -> ResponseReturnValue:
    page = page_number()
    lines = report_lines(db.session(), offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    has_more = len(lines) > PER_PAGE
    return render_template(
        "operator/reports.html", lines=lines[:PER_PAGE], page=page, has_more=has_more, zone=viewer_zone()
    )


@bp.get("/reports/<public_id>")
@fresh_sign_in
def report(public_id: str) -> ResponseReturnValue:
    return _page(public_id, SettlingForm(formdata=None))


@bp.post("/reports/<public_id>")
@fresh_sign_in
def settle_report(public_id: str) -> ResponseReturnValue:
    """Once, however often and by whomever it is pressed."""
    form = SettlingForm()
    if not form.validate_on_submit():
        return _page(public_id, form), 422
    given = {"hides": form.hides.data, "by_id": signed_in().id, "now": utcnow()}
    settle(db.session(), public_id, form.why.data, **given)
    db.session.commit()
    flash(_("Settled. What you wrote stands in the log."), "success")
    return redirect(url_for("operator.reports"), code=303)


def _page(public_id: str, form: SettlingForm) -> str:
    session = db.session()
    row = open_report(session, public_id, by_id=signed_in().id, now=utcnow())
    words = reported_words(session, row)
    by, about = (session.get_one(User, each) for each in (row.by_id, row.about_id))
    session.commit()
    return render_template(
        "operator/report.html", row=row, words=words, by=by, about=about, form=form, zone=viewer_zone()
    )
