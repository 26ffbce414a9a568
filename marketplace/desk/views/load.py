"""The page about a mentor's load, and the one press that closes the rest of a week."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.domain.dates import read_date
from booking.services import closing_weeks
from booking.services.closing_weeks import WeekIsOpen
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.desk.showing.load import load_page
from marketplace.desk.views.hours_frame import asked, bp, own_frame, saved, told


@bp.get("/load")
@login_required
def load() -> ResponseReturnValue:
    frame = own_frame()
    return render_template("desk/hours_load.html", frame=frame, page=load_page(db.session(), frame))


@bp.post("/load/close-week")
@login_required
def close_week() -> ResponseReturnValue:
    untold = closing_weeks.close_week(db.session(), own_frame().mentor.id, told=told(), now=utcnow())
    said = _("Your week is closed until Sunday’s end. You can open it again.")
    return asked(untold, back="hours.load") or saved("hours.load", said)


@bp.post("/load/open-week")
@login_required
def open_week() -> ResponseReturnValue:
    frame, monday = own_frame(), read_date(request.form.get("monday", ""))
    if monday is None:
        raise WeekIsOpen("This week is open already.")
    closing_weeks.open_week(db.session(), frame.mentor.id, monday)
    return saved("hours.load", _("Your week is open again."))
