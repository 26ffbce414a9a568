"""Saying what one needs, and who is suggested."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.mentors.domain.profile import Way
from marketplace.mentorships.queries.carried import parted_from
from marketplace.search.domain.working_day import WorkingDay
from marketplace.search.looking_for import Looking, look_for, looking_of
from marketplace.search.looking_form import LookingForm
from marketplace.search.reader import Reader
from marketplace.search.remembering import usual_hours
from marketplace.search.suggesting import suggestions
from marketplace.search.views import bp
from marketplace.search.words import WAYS_WANTED


@bp.app_template_filter("way_wanted")
def way_wanted(way: Way) -> str:
    return str(WAYS_WANTED[way])


@bp.get("/suggestions")
@login_required
def suggested() -> ResponseReturnValue:
    looking = looking_of(db.session(), signed_in().id)
    return _page(looking, LookingForm(formdata=None, data={"needs": "\n".join(looking.needs), "ways": looking.ways}))


@bp.post("/suggestions")
@login_required
def say_needs() -> ResponseReturnValue:
    form, me = LookingForm(), signed_in()
    if not form.validate_on_submit():
        return _page(looking_of(db.session(), me.id), form), 422
    look_for(db.session(), me.id, form.looking, utcnow())
    db.session.commit()
    return redirect(url_for("search.suggested", _anchor="suggested"), code=303)


def reader_of_this_page() -> Reader:
    """The one who is signed in, with their own hours."""
    return Reader(signed_in().id, WorkingDay(viewer_zone(), usual_hours()), utcnow())


def _page(looking: Looking, form: LookingForm) -> str:
    reader = reader_of_this_page()
    parted = parted_from(db.session(), signed_in().id)
    found = suggestions(db.session(), looking, reader, settings(), but=parted)
    shown = {"looking": looking, "form": form, "found": found, "zone": reader.zone}
    return render_template("pages/suggestions.html", **shown)
