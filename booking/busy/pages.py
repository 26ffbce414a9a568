"""The page of one's busy calendars: what each said when, what is wrong with it, and for which sessions it came too
late. The address of a calendar is shown to nobody again, its owner included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.domain.intervals import Interval
from booking.feeds.views import bp
from booking.forms.busy import BusyCalendarForm, BusyNameForm
from booking.models.busy import BusyCalendar
from booking.queries.busy import calendars_of, sessions_met, times_within
from booking.services import busy_calendars
from booking.services.busy_calendars import KnownCalendar, TooManyBusyCalendars
from booking.words.busy import trouble_words
from marketplace.accounts.current import signed_in, verified
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.mentors.models import Mentor

SHOWN_DAYS = 60
_ID = "<int(max=999_999_999_999):calendar_id>"


@dataclass(frozen=True, slots=True)
class Shown:
    """A busy calendar as its owner's page shows it. `times` are those of the next SHOWN_DAYS days."""

    row: BusyCalendar
    form: BusyNameForm
    times: int
    now: datetime

    @property
    def is_awaited(self) -> bool:
        """Being read now, or in a moment."""
        begun = self.row.asked_at is not None and self.row.asked_at > max(
            self.row.answered_at or self.row.created_at, self.row.failing_since or self.row.created_at
        )
        return self.row.next_read_at <= self.now or (begun and not self.row.failures)

    @property
    def trouble(self) -> str:
        return trouble_words(self.row)


@bp.get("/calendar/busy")
@login_required
def busy() -> ResponseReturnValue:
    return _page(BusyCalendarForm(formdata=None), {})


@bp.post("/calendar/busy")
@login_required
def add_busy() -> ResponseReturnValue:
    me, form = verified(), BusyCalendarForm()
    if not form.validate():
        return _page(form, {}), 422
    try:
        calendar = busy_calendars.add(
            db.session(),
            me.id,
            form.address.data,
            name=form.name.data or "",
            secret_key=settings().secret_key,
            now=utcnow(),
        )
    except (KnownCalendar, TooManyBusyCalendars) as refusal:
        db.session.rollback()
        form.form_errors.append(spoken(refusal))
        return _page(form, {}), status_of(refusal)
    db.session.commit()
    flash(_("The calendar is added, and being read."))
    return _back_to(calendar.id)


@bp.post(f"/calendar/busy/{_ID}/name")
@login_required
def rename_busy(calendar_id: int) -> ResponseReturnValue:
    busy_calendars.own_busy_calendar(db.session(), signed_in().id, calendar_id)
    form = BusyNameForm(prefix=_prefix(calendar_id))
    if not form.validate():
        return _page(BusyCalendarForm(formdata=None), {calendar_id: form}), 422
    busy_calendars.rename(db.session(), signed_in().id, calendar_id, form.name.data or "")
    db.session.commit()
    return _back_to(calendar_id)


@bp.post(f"/calendar/busy/{_ID}/read")
@login_required
def read_busy(calendar_id: int) -> ResponseReturnValue:
    busy_calendars.read_again(db.session(), signed_in().id, calendar_id, utcnow())
    db.session.commit()
    return _back_to(calendar_id)


@bp.post(f"/calendar/busy/{_ID}/end")
@login_required
def remove_busy(calendar_id: int) -> ResponseReturnValue:
    busy_calendars.remove(db.session(), signed_in().id, calendar_id)
    db.session.commit()
    flash(_("The calendar is removed. What it said blocks no time any more."))
    return redirect(url_for("calendar.busy"), code=303)


def _page(form: BusyCalendarForm, changed: Mapping[int, BusyNameForm]) -> str:
    """`changed` are the forms that were sent and are not right yet, by their calendar."""
    me, session, now = signed_in(), db.session(), utcnow()
    rows = calendars_of(session, me.id)
    times = times_within(session, rows, Interval(now, now + timedelta(days=SHOWN_DAYS)))
    shown = [Shown(row, changed.get(row.id) or _name_form(row), times.get(row.id, 0), now) for row in rows]
    return render_template(
        "calendar/busy.html",
        calendars=shown,
        form=form,
        met=sessions_met(session, me.id, now),
        is_mentor=session.get(Mentor, me.id) is not None,
        days=SHOWN_DAYS,
        now=now,
    )


def _name_form(row: BusyCalendar) -> BusyNameForm:
    return BusyNameForm(formdata=None, obj=row, prefix=_prefix(row.id))


def _prefix(calendar_id: int) -> str:
    return f"busy{calendar_id}-"


def _back_to(calendar_id: int) -> ResponseReturnValue:
    return redirect(url_for("calendar.busy", _anchor=f"busy{calendar_id}"), code=303)
