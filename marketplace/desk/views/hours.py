"""The pages on which mentors say when they work. Only their own: no address names a mentor."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.domain.recurrence import WeeklyHours
from booking.forms.boundaries import BoundariesForm
from booking.forms.week import WeekForm
from booking.hours import in_words
from booking.queries.bookings import weekly_hours_of
from booking.queries.days import protected_days
from booking.queries.hours import boundaries_of
from booking.services import hours
from booking.services.hours import HoursChanged
from marketplace.accounts.zones import known_zone, zone_choices
from marketplace.core.charts.hours import Axis
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.language import spoken
from marketplace.core.paging import number
from marketplace.desk.showing import hours_preview
from marketplace.desk.showing.hours import Frame, axis_of
from marketplace.desk.showing.next_step import step_after
from marketplace.desk.views.hours_frame import asked, bp, own_frame, saved, saving, told
from marketplace.mentors.domain.checklist import Point
from marketplace.offerings.models import Offering
from marketplace.offerings.queries import active_offerings

LENGTHS = (20, 30, 45, 60, 90)
"""Minutes of a session, for a mentor who offers none yet."""


@bp.route("", methods=["GET", "POST"])
@login_required
def week() -> ResponseReturnValue:
    frame = own_frame()
    if request.method == "GET":
        return _week(frame, WeekForm.stored(_stored_week(frame), frame.envelope))
    form = WeekForm.sent(request.form, frame.envelope)
    if not saving():
        form.look()
        return _week(frame, form)
    if not form.validate_on_submit():
        return _week(frame, form), 422
    try:
        untold = hours.set_week(
            db.session(),
            frame.mentor.id,
            form.weekly,
            instead_of=form.instead_of.data or "",
            told=told(),
            now=utcnow(),
        )
    except HoursChanged as changed:
        stored = _stored_week(frame)
        form.begin_again_from(stored)
        form.form_errors.append(spoken(changed))
        return _week(frame, form, stored=stored), 409
    return asked(untold) or saved("hours.week", _("Your hours are saved."))


@bp.route("/boundaries", methods=["GET", "POST"])
@login_required
def boundaries() -> ResponseReturnValue:
    frame = own_frame()
    stored = boundaries_of(db.session(), frame.mentor.id)
    if request.method == "GET":
        return _boundaries(frame, BoundariesForm.stored(stored))
    form = BoundariesForm(stored)
    if not saving():
        return _boundaries(frame, form)
    if not form.validate_on_submit():
        return _boundaries(frame, form), 422
    untold = hours.set_boundaries(db.session(), frame.mentor.id, form.limits, told=told(), now=utcnow())
    return asked(untold, caps=True) or saved("hours.boundaries", _("Your boundaries are saved."))


@bp.get("/preview")
@login_required
def preview() -> ResponseReturnValue:
    """What a mentee in another zone sees in the coming two weeks."""
    frame = own_frame()
    reader = ZoneInfo(known_zone(request.args.get("zone")) or frame.mentor.zone)
    offerings = active_offerings(db.session(), [frame.mentor.id])
    offering = _chosen(offerings)
    minutes = offering.minutes if offering else _length_asked_for()
    seen = hours_preview.preview(
        db.session(), frame.mentor.id, reader=reader, minutes=minutes, envelope=frame.envelope, now=utcnow()
    )
    return render_template(
        "desk/hours_preview.html",
        frame=frame,
        seen=seen,
        reader=reader,
        zones=sorted({*zone_choices(), reader.key}),
        places=hours_preview.PLACES,
        axis=Axis(),
        working_day=hours_preview.WORKING_DAY,
        offerings=offerings,
        offering=offering,
        minutes=minutes,
        lengths=LENGTHS,
    )


def _stored_week(frame: Frame) -> WeeklyHours:
    return weekly_hours_of(db.session(), [frame.mentor.id]).get(frame.mentor.id, {})


def _week(frame: Frame, form: WeekForm, *, stored: WeeklyHours | None = None) -> str:
    """`stored` are the hours that were saved meanwhile, if any were."""
    meanwhile = None if stored is None else in_words(stored)
    return render_template(
        "desk/hours.html",
        frame=frame,
        form=form,
        axis=axis_of(form, frame.envelope),
        meanwhile=meanwhile,
        protected=protected_days(db.session(), frame.mentor.id).weekdays,
        next_step=step_after(Point.HOURS, frame.mentor.id) if request.method == "GET" else None,
    )


def _boundaries(frame: Frame, form: BoundariesForm) -> str:
    return render_template("desk/hours_boundaries.html", frame=frame, form=form)


def _chosen(offerings: list[Offering]) -> Offering | None:
    asked = number(request.args.get("offering", ""))
    return next((each for each in offerings if each.id == asked), offerings[0] if offerings else None)


def _length_asked_for() -> int:
    asked = number(request.args.get("minutes", ""))
    return asked if asked in LENGTHS else 60
