"""The pages on which mentors say what differs from their week: dates with other hours, and time off."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from booking.domain.dates import read_date, runs
from booking.domain.recurrence import NO_DAYS_OFF
from booking.forms.dates import DatesForm, TimeOffForm
from booking.hours import ranges_in_words
from booking.queries.days import days_off_of
from booking.queries.hours import overrides_from, time_off_after
from booking.services import hours
from booking.services.hours import TooMuchWritten
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.language import spoken
from marketplace.desk.showing.hours import Frame, away_words
from marketplace.desk.views.hours_frame import asked, bp, own_frame, saved, saving, told


@bp.route("/dates", methods=["GET", "POST"])
@login_required
def dates() -> ResponseReturnValue:
    """Hours of single dates, for many at once."""
    frame = own_frame()
    if request.method == "GET":
        return _dates(frame, DatesForm.blank(frame.envelope, frame.today))
    form = DatesForm.sent(request.form, frame.envelope, frame.today)
    if not saving():
        form.look()
        return _dates(frame, form)
    if not form.validate_on_submit():
        return _dates(frame, form), 422
    try:
        untold = hours.set_dates(db.session(), frame.mentor.id, form.days, form.ranges, told=told(), now=utcnow())
    except TooMuchWritten as broken:
        form.form_errors.append(spoken(broken))
        return _dates(frame, form), 422
    said = ngettext("Saved for %(num)s date.", "Saved for %(num)s dates.", len(form.days))
    return asked(untold) or saved("hours.dates", said)


@bp.post("/dates/remove")
@login_required
def remove_dates() -> ResponseReturnValue:
    """The dates of one line of the list have their weekly hours again."""
    frame = own_frame()
    first, last = read_date(request.form.get("first", "")), read_date(request.form.get("last", ""))
    found = overrides_from(db.session(), frame.mentor.id, frame.today)
    days = [day for day in found if first is not None and last is not None and first <= day <= last]
    if not days:
        raise NotFound("These dates have no hours of their own any more.")
    untold = hours.set_dates(db.session(), frame.mentor.id, days, None, told=told(), now=utcnow())
    said = ngettext(
        "%(num)s date has its weekly hours again.", "%(num)s dates have their weekly hours again.", len(days)
    )
    return asked(untold, back="hours.dates") or saved("hours.dates", said)


@bp.route("/time-off", methods=["GET", "POST"])
@login_required
def time_off() -> ResponseReturnValue:
    frame = own_frame()
    form = TimeOffForm(frame.local_now)
    if request.method == "GET" or not saving():
        return _time_off(frame, form)
    if not form.validate_on_submit():
        return _time_off(frame, form), 422
    try:
        untold = hours.add_time_off(db.session(), frame.mentor.id, form.start, form.end, told=told(), now=utcnow())
    except TooMuchWritten as broken:
        form.form_errors.append(spoken(broken))
        return _time_off(frame, form), 422
    return asked(untold) or saved("hours.time_off", _("Your time off is saved."))


@bp.post("/time-off/<int(max=999_999_999_999):away_id>/remove")
@login_required
def remove_time_off(away_id: int) -> ResponseReturnValue:
    hours.remove_time_off(db.session(), own_frame().mentor.id, away_id)
    return saved("hours.time_off", _("You can be booked then again."))


def _dates(frame: Frame, form: DatesForm) -> str:
    found = runs(overrides_from(db.session(), frame.mentor.id, frame.today))
    off = days_off_of(db.session(), [frame.mentor.id]).get(frame.mentor.id, NO_DAYS_OFF)
    return render_template(
        "desk/hours_dates.html", frame=frame, form=form, runs=found, days_off=off, ranges_in_words=ranges_in_words
    )


def _time_off(frame: Frame, form: TimeOffForm) -> str:
    found = time_off_after(db.session(), frame.mentor.id, frame.local_now)
    away = [(each.id, *away_words(each)) for each in found]
    return render_template("desk/hours_time_off.html", frame=frame, form=form, away=away)
