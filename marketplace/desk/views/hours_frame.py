"""What all pages about hours do alike: whose they are, what is to be confirmed, and what is said when it is saved."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of
from booking.queries.days import zones_of
from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.desk.showing.hours import Frame
from marketplace.desk.views.frame import tabs
from marketplace.mentors.queries import own_mentor

bp = Blueprint("hours", __name__, url_prefix="/desk/hours")
bp.context_processor(tabs)
SAVE = "save"


def own_frame() -> Frame:
    """Raises NotFound for who is no mentor."""
    mentor = own_mentor(db.session(), signed_in().id)
    return Frame.of(mentor, zones_of(db.session(), mentor), envelope_of(settings()), utcnow())


def saving() -> bool:
    """Any other button, or none, only makes the page again from what was typed."""
    return request.form.get("action") == SAVE


def told() -> frozenset[str]:
    return frozenset(request.form.getlist("told"))


def asked(untold: Sequence[Booking], *, back: str = "", caps: bool = False) -> ResponseReturnValue | None:
    """The sessions that the change would leave outside, before it is made; nothing is written, and the lock goes with
    the request. `back` is where who does not want it goes; without it, to the form as it was typed. `caps`: it is the
    limits that they would be over."""
    if not untold:
        return None
    kept = [
        (name, text) for name, text in request.form.items(multi=True) if name not in {"csrf_token", "action", "told"}
    ]
    return render_template(
        "desk/hours_confirm.html", sessions=untold, frame=own_frame(), kept=kept, back=back, caps=caps
    )


def saved(endpoint: str, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words)
    if kept := len(told()):
        flash(ngettext("%(num)s booked session stays as it is.", "%(num)s booked sessions stay as they are.", kept))
    return redirect(url_for(endpoint), code=303)
