"""The page on which mentors say that they are elsewhere for a while, so that their hours go by the clocks there."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.forms.journeys import JourneyForm
from booking.queries.days import journeys_of
from booking.services import journeys
from booking.services.hours import TooMuchWritten
from booking.services.journeys import TwoPlacesAtOnce
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.language import spoken
from marketplace.desk.showing.hours import Frame
from marketplace.desk.views.hours_frame import asked, bp, own_frame, saved, saving, told


@bp.route("/travel", methods=["GET", "POST"])
@login_required
def travel() -> ResponseReturnValue:
    frame = own_frame()
    form = JourneyForm(frame.today)
    if request.method == "GET" or not saving():
        return _travel(frame, form)
    if not form.validate_on_submit() or form.journey is None:
        return _travel(frame, form), 422
    try:
        untold = journeys.travel(db.session(), frame.mentor.id, form.journey, told=told(), now=utcnow())
    except (TwoPlacesAtOnce, TooMuchWritten) as broken:
        form.form_errors.append(spoken(broken))
        return _travel(frame, form), 422
    return asked(untold) or saved("hours.travel", _("Your journey is saved."))


@bp.post("/travel/<int(max=999_999_999_999):journey_id>/remove")
@login_required
def stay(journey_id: int) -> ResponseReturnValue:
    untold = journeys.stay(db.session(), own_frame().mentor.id, journey_id, told=told(), now=utcnow())
    return asked(untold, back="hours.travel") or saved("hours.travel", _("These dates go by your own clock again."))


def _travel(frame: Frame, form: JourneyForm) -> str:
    written = journeys_of(db.session(), [frame.mentor.id]).get(frame.mentor.id, [])
    ahead = [each for each in written if each.journey.last >= frame.today]
    return render_template("desk/hours_travel.html", frame=frame, form=form, ahead=ahead)
