"""The operator's desk."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.paging import page_number
from marketplace.operator.queries import booking_lines
from payments.domain.inbox import EventStatus
from payments.inbox_queries import event_lines, event_with, line_of
from payments.services import inbox

bp = Blueprint("operator", __name__, url_prefix="/operator")

PER_PAGE = 50


@bp.before_request
@login_required
def only_operators() -> None:
    """Who is none is told that there is nothing here."""
    if not signed_in().is_operator:
        raise NotFound("There is nothing here.")


@bp.get("/bookings")
def bookings() -> ResponseReturnValue:
    page = page_number()
    lines = booking_lines(db.session(), offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template("operator/bookings.html", lines=lines[:PER_PAGE], page=page, has_more=len(lines) > PER_PAGE)


@bp.get("/events")
def events() -> ResponseReturnValue:
    page, asked = page_number(), request.args.get("state", "")
    state = EventStatus(asked) if asked in set(EventStatus) else None
    lines = event_lines(db.session(), state, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/events.html", lines=lines[:PER_PAGE], state=state, page=page, has_more=len(lines) > PER_PAGE
    )


@bp.get("/events/<event_id>")
def event(event_id: str) -> ResponseReturnValue:
    found = event_with(db.session(), event_id)
    body = json.dumps(found.body, indent=2, sort_keys=True, ensure_ascii=False)
    return render_template("operator/event.html", line=line_of(found), body=body)


@bp.post("/events/<event_id>/replay")
def replay_event(event_id: str) -> ResponseReturnValue:
    inbox.replay(db.session(), event_id, now=utcnow())
    db.session.commit()
    flash("It is being acted on again.")
    return redirect(url_for("operator.event", event_id=event_id), code=303)


@bp.post("/events/<event_id>/park")
def park_event(event_id: str) -> ResponseReturnValue:
    inbox.park(db.session(), event_id, now=utcnow())
    db.session.commit()
    flash("It is set aside and not tried any more.")
    return redirect(url_for("operator.event", event_id=event_id), code=303)
