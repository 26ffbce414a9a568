"""What all pages of the operator have alike: who may see them, and the way between them."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.onward import page_of_this_request
from marketplace.core.errors import NotFound
from marketplace.core.http import settings

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
