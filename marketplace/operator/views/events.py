"""What Stripe has told, to be acted on again or set aside."""

import json

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.paging import page_number
from marketplace.operator.views.frame import PER_PAGE, bp
from payments.domain.inbox import EventStatus
from payments.queries.inbox import event_lines, event_with, line_of
from payments.services import inbox


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
    flash(_("It is being acted on again."))
    return redirect(url_for("operator.event", event_id=event_id), code=303)


@bp.post("/events/<event_id>/park")
def park_event(event_id: str) -> ResponseReturnValue:
    inbox.park(db.session(), event_id, now=utcnow())
    db.session.commit()
    flash(_("It is set aside and not tried any more."))
    return redirect(url_for("operator.event", event_id=event_id), code=303)
