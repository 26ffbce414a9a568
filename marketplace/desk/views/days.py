"""The pages on which mentors say on which days nobody can book them, whatever their hours are."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from booking.domain.dates import read_date, unbroken
from booking.forms.holidays import HolidaysForm
from booking.forms.protected import ProtectedForm
from booking.queries.days import Holidays, holidays_of, protected_days
from booking.services import days
from booking.services.holidays import keep_holidays
from booking.services.hours import HoursChanged, TooMuchWritten
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.language import spoken
from marketplace.core.names import country_of_zone
from marketplace.desk.showing.hours import Frame
from marketplace.desk.views.hours_frame import asked, bp, own_frame, saved, saving, told


@bp.route("/protected", methods=["GET", "POST"])
@login_required
def protected() -> ResponseReturnValue:
    frame = own_frame()
    if request.method == "GET":
        return _protected(frame, ProtectedForm.stored(protected_days(db.session(), frame.mentor.id), frame.today))
    form = ProtectedForm(frame.today)
    if not saving():
        return _protected(frame, form)
    if not form.validate_on_submit():
        return _protected(frame, form), 422
    try:
        untold = days.protect(
            db.session(),
            frame.mentor.id,
            weekdays=form.ticked,
            dates=form.days,
            instead_of=form.seen,
            told=told(),
            now=utcnow(),
        )
    except HoursChanged as changed:
        form.begin_from(protected_days(db.session(), frame.mentor.id))
        form.form_errors.append(spoken(changed))
        return _protected(frame, form), 409
    except TooMuchWritten as broken:
        form.form_errors.append(spoken(broken))
        return _protected(frame, form), 422
    return asked(untold) or saved("hours.protected", _("Your protected days are saved."))


@bp.post("/protected/give-up")
@login_required
def give_up() -> ResponseReturnValue:
    """The dates of one line of the list can be booked again, as far as there are hours on them."""
    frame = own_frame()
    first, last = read_date(request.form.get("first", "")), read_date(request.form.get("last", ""))
    if first is None or last is None:
        raise NotFound("These dates are not protected any more.")
    count = days.give_up(db.session(), frame.mentor.id, first, last)
    said = ngettext("%(num)s date is protected no more.", "%(num)s dates are protected no more.", count)
    return saved("hours.protected", said)


@bp.route("/holidays", methods=["GET", "POST"])
@login_required
def holidays() -> ResponseReturnValue:
    """Which public holidays are days off. Any button but the one that saves shows the days of what is chosen."""
    frame = own_frame()
    kept = holidays_of(db.session(), frame.mentor.id)
    if request.method == "GET":
        guess = frame.mentor.country or country_of_zone(frame.mentor.zone)
        return _holidays(frame, HolidaysForm.stored(kept, guess, frame.today, frame.envelope), kept)
    form = HolidaysForm(frame.today, frame.envelope)
    if not saving():
        return _holidays(frame, form, kept)
    if not form.validate_on_submit():
        return _holidays(frame, form, kept), 422
    untold = keep_holidays(
        db.session(),
        frame.mentor.id,
        form.country.data or "",
        form.region.data or "",
        worked=form.worked_days,
        told=told(),
        now=utcnow(),
    )
    return asked(untold) or saved("hours.holidays", _("Your holidays are saved."))


def _holidays(frame: Frame, form: HolidaysForm, kept: Holidays) -> str:
    return render_template("desk/hours_holidays.html", frame=frame, form=form, kept=kept)


def _protected(frame: Frame, form: ProtectedForm) -> str:
    stored = protected_days(db.session(), frame.mentor.id)
    spans = unbroken(day for day in stored.dates if day >= frame.today)
    return render_template("desk/hours_protected.html", frame=frame, form=form, spans=spans)
