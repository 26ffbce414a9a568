"""Getting paid: how far a mentor is with Stripe, what is missing, and the way to Stripe's own page and back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.core.letters import link
from marketplace.desk.showing.next_step import step_after
from marketplace.desk.views.frame import tabs
from marketplace.mentors.domain.checklist import Point
from marketplace.mentors.queries import own_mentor
from marketplace.offerings.queries import active_offerings
from payments.domain.payouts import Standing
from payments.onboarding import NoAccountYet, Onboarding
from payments.queries.bank_payouts import sent_back
from payments.queries.payouts import payouts_of
from payments.stripe_api.gateway import StripeGateway

bp = Blueprint("payouts", __name__, url_prefix="/desk/getting-paid")

bp.context_processor(tabs)


@bp.before_request
@login_required
def only_signed_in() -> None:
    """Whether they are mentors is found out with their rows."""


@bp.get("")
def page() -> ResponseReturnValue:
    return _page(_mentor_id())


@bp.post("")
def begin() -> ResponseReturnValue:
    """Have Stripe make the account, if it has not, and go to its page."""
    mentor_id = _mentor_id()
    return _to_stripe(mentor_id, begin=True)


@bp.get("/again")
def again() -> ResponseReturnValue:
    """Where Stripe leads from a link that was used or has become too old: to a fresh one."""
    return _to_stripe(_mentor_id(), begin=False)


@bp.get("/back")
def back() -> ResponseReturnValue:
    """Where Stripe's page leads back to, whatever the mentor has given there: how it stands now is asked of Stripe."""
    mentor_id = _mentor_id()
    try:
        _onboarding().look(mentor_id)
    except GatewayUnavailable as silent:
        db.session.rollback()
        flash(spoken(silent), "warning")
    return redirect(url_for("payouts.page"), code=303)


def _mentor_id() -> int:
    """Raises NotFound for who is no mentor."""
    return own_mentor(db.session(), signed_in().id).id


def _onboarding() -> Onboarding:
    return Onboarding(db.session(), StripeGateway(settings()), utcnow())


def _to_stripe(mentor_id: int, *, begin: bool) -> ResponseReturnValue:
    onboarding = _onboarding()
    try:
        if begin:
            onboarding.begin(mentor_id)
        address = onboarding.link(mentor_id, refresh_url=link("payouts.again"), return_url=link("payouts.back"))
    except (GatewayUnavailable, NoAccountYet) as refusal:
        db.session.rollback()
        return _page(mentor_id, says=spoken(refusal)), status_of(refusal)
    return redirect(address, code=303)


def _page(mentor_id: int, says: str = "") -> str:
    payouts, offerings = payouts_of(db.session(), mentor_id), active_offerings(db.session(), [mentor_id])
    return render_template(
        "desk/payouts.html",
        payouts=payouts,
        sent_back=sent_back(db.session(), mentor_id),
        waiting=[each for each in offerings if each.price_minor],
        says=says,
        next_step=step_after(Point.PAYOUTS, mentor_id) if payouts.standing is Standing.READY else None,
    )
