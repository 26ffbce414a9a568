"""The operator's desk."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.onward import page_of_this_request
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import settings
from marketplace.core.paging import page_number
from marketplace.operator.forms import BookingFilter, ByHandForm
from marketplace.operator.overview import overview
from marketplace.operator.queries import booking_lines, stuck_refunds
from payments.domain.inbox import EventStatus
from payments.queries.inbox import event_lines, event_with, line_of
from payments.services import inbox
from payments.services.refund_by_hand import ask_again, pay_by_hand

bp = Blueprint("operator", __name__, url_prefix="/operator")

PER_PAGE = 50
TABS = (
    ("operator.home", lazy_gettext("Overview")),
    ("operator.mentors", lazy_gettext("Mentors")),
    ("operator.bookings", lazy_gettext("Bookings")),
    ("operator.claims", lazy_gettext("Claims")),
    ("operator.reports", lazy_gettext("Reports")),
    ("operator.refunds", lazy_gettext("Refunds")),
    ("operator.disputes", lazy_gettext("Disputes")),
    ("operator.transfers", lazy_gettext("Transfers")),
    ("operator.books", lazy_gettext("Books")),
    ("operator.fees", lazy_gettext("The site’s fee")),
    ("operator.events", lazy_gettext("Stripe’s events")),
    ("operator.reconcile", lazy_gettext("Held against Stripe")),
    ("operator.fit", lazy_gettext("Who fits")),
    ("operator.audit", lazy_gettext("Who did what")),
)


@bp.before_request
@login_required
def only_operators() -> ResponseReturnValue | None:
    """Who is none is told that there is nothing here; who has no second step where it is asked for sets one up."""
    me = signed_in()
    if not me.is_operator:
        raise NotFound("There is nothing here.")
    if me.has_second_step or not settings().operators_need_second_step:
        return None
    flash(_("The operator’s pages need a second step. Set it up here first."))
    return redirect(url_for("accounts.set_up_second_step", next=page_of_this_request() or None), code=303)


@bp.context_processor
def tabs() -> dict[str, object]:
    return {"operator_tabs": TABS}


@bp.get("")
def home() -> ResponseReturnValue:
    zone = viewer_zone()
    return render_template("operator/home.html", shown=overview(db.session(), zone, utcnow()), zone=zone)


@bp.get("/bookings")
def bookings() -> ResponseReturnValue:
    form, page = BookingFilter(request.args), page_number()
    sought = (form.of.data or "").replace("\0", "")
    lines = booking_lines(db.session(), sought=sought, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/bookings.html",
        lines=lines[:PER_PAGE],
        form=form,
        sought=sought,
        page=page,
        has_more=len(lines) > PER_PAGE,
    )


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


@bp.get("/refunds")
def refunds() -> ResponseReturnValue:
    return _refunds(ByHandForm())


@bp.post("/refunds/<int:refund_id>/again")
def refund_again(refund_id: int) -> ResponseReturnValue:
    ask_again(db.session(), refund_id, operator_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Stripe is being asked again."))
    return redirect(url_for("operator.refunds"), code=303)


@bp.post("/refunds/<int:refund_id>/by-hand")
def refund_by_hand(refund_id: int) -> ResponseReturnValue:
    form = ByHandForm()
    if not form.validate_on_submit():
        return _refunds(form, about=refund_id), 422
    pay_by_hand(db.session(), refund_id, operator_id=signed_in().id, how=form.how.data, now=utcnow())
    db.session.commit()
    flash(_("Noted, and the mentee has been told."))
    return redirect(url_for("operator.refunds"), code=303)


def _refunds(form: ByHandForm, about: int | None = None) -> str:
    """`about` is the refund whose form was sent and is not right yet."""
    page, settled = page_number(), request.args.get("state") == "settled"
    lines = stuck_refunds(db.session(), settled=settled, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/refunds.html",
        lines=lines[:PER_PAGE],
        settled=settled,
        page=page,
        has_more=len(lines) > PER_PAGE,
        form=form,
        about=about,
    )
