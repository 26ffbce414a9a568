"""Buying: hold and go to Stripe, come back, go on paying, give the time back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import login_required

from booking.domain.states import CANCELLED, PENDING, BookingStatus
from booking.services.fit_calls import NoFitCall
from booking.services.hold import NotBookable, SlotTaken
from marketplace.accounts.current import signed_in, verified
from marketplace.accounts.models import User
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import mentor_by_slug
from marketplace.offerings.queries import is_fit_call
from payments.domain.states import PurchaseStatus
from payments.forms.checkout import FitCallForm, HoldForm
from payments.queries import sales as queries
from payments.services.asked_first import AskedFirst
from payments.services.buy import EarlyStartNotAsked, Order, PriceChanged, UnpaidPurchase, the_same
from payments.services.extend import NotExtendable
from payments.till import PaidMeanwhile
from payments.views.frame import bp, till
from payments.views.holds import (
    early_to_be_asked,
    next_free,
    no_fit_call,
    other_times,
    price_changed,
    to_be_completed,
    to_be_done_first,
)

SLOW_STRIPE = lazy_gettext("Stripe did not answer in time. Your time is still held for you: try again in a moment.")


@bp.post("/mentors/<slug>/holds")
@login_required
def hold(slug: str) -> ResponseReturnValue:
    """*Pay and book*: the one request that holds a time. The answer leads to Stripe, or to the confirmed session."""
    mentee, mentor = verified(), mentor_by_slug(db.session(), slug)
    form = _form_for(mentor)
    if not form.validate_on_submit():
        return to_be_completed(mentor, form)
    order = Order(
        mentee,
        mentor.id,
        form.offering.data,
        form.starts_at,
        form.agenda.data,
        form.answers,
        form.price_seen,
        early=form.early.data,
        later=form.later_starts,
    )
    try:
        sale = _bought(order, instead_of=form.instead_of.data)
    except (SlotTaken, NotBookable) as refusal:
        db.session.rollback()
        return other_times(mentor, order, refusal, form)
    except NoFitCall as refusal:
        db.session.rollback()
        return no_fit_call(mentor, order, refusal)
    except AskedFirst as refusal:
        db.session.rollback()
        return to_be_done_first(mentor, form, refusal)
    except PriceChanged as changed:
        db.session.rollback()
        return price_changed(mentor, form, changed)
    except EarlyStartNotAsked as refusal:
        db.session.rollback()
        return early_to_be_asked(mentor, form, refusal)
    except UnpaidPurchase as other:
        db.session.rollback()
        return _unpaid_elsewhere(other, order, slug)
    except PaidMeanwhile as paid:
        flash(spoken(paid), "success")
        return redirect(url_for("pages.sessions"), code=303)
    return _go_and_pay(sale)


def _form_for(mentor: Mentor) -> HoldForm:
    """A fit call is asked for with answers to four questions."""
    form = HoldForm()
    known = form.offering.validate(form)
    return FitCallForm() if known and is_fit_call(db.session(), mentor.id, form.offering.data) else form


def _bought(order: Order, *, instead_of: str) -> queries.Sale:
    if not instead_of:
        return till().buy(order)
    held = queries.sale_for(db.session(), instead_of, order.mentee.id)
    return till().replace(held, order) if _is_held(held) else till().buy(order)


@bp.get("/checkout/<purchase_id>")
@login_required
def go_on(purchase_id: str) -> ResponseReturnValue:
    """Back to the same checkout, while the hold lives."""
    return _go_and_pay(queries.sale_for(db.session(), purchase_id, signed_in().id))


@bp.get("/checkout/<purchase_id>/return")
@login_required
def returned(purchase_id: str) -> ResponseReturnValue:
    """Where Stripe sends the mentee after paying: looks for itself, and says what is true."""
    sale = queries.sale_for(db.session(), purchase_id, signed_in().id)
    if sale.booking.state in CANCELLED:
        return redirect(url_for("pages.session", public_id=sale.booking.public_id), code=303)
    if _may_still_change(sale):
        sale = _looked_at(sale, give_back=False)
    return render_template("payments/returned.html", **_telling(sale))


@bp.get("/checkout/<purchase_id>/cancel")
@login_required
def cancelled(purchase_id: str) -> ResponseReturnValue:
    """Where Stripe sends the mentee who left: go on paying, or give the time back?"""
    sale = queries.sale_for(db.session(), purchase_id, signed_in().id)
    if not _is_held(sale):
        return redirect(url_for("payments.returned", purchase_id=purchase_id), code=303)
    return render_template("payments/cancelled.html", **_telling(sale))


@bp.post("/checkout/<purchase_id>/give-back")
@login_required
def give_back(purchase_id: str) -> ResponseReturnValue:
    """Ends the checkout at Stripe first; who has paid meanwhile has bought."""
    sale = queries.sale_for(db.session(), purchase_id, signed_in().id)
    if _is_held(sale):
        sale = _looked_at(sale, give_back=True)
    if sale.booking.state is not BookingStatus.RELEASED:
        return redirect(url_for("payments.returned", purchase_id=purchase_id), code=303)
    flash(_("You gave the time back. Nothing was charged."), "success")
    mentor = db.session.get_one(Mentor, sale.purchase.mentor_id)
    return redirect(url_for("pages.mentor", slug=mentor.slug), code=303)


@bp.post("/checkout/<purchase_id>/extend")
@login_required
def extend(purchase_id: str) -> ResponseReturnValue:
    """In the last minutes: the same time, held anew, with a checkout of its own."""
    sale = queries.sale_for(db.session(), purchase_id, signed_in().id)
    try:
        sale = till().extend(sale)
    except NotExtendable as refusal:
        flash(spoken(refusal), "warning")
    except SlotTaken as lost:
        mentor = db.session.get_one(Mentor, sale.purchase.mentor_id)
        return other_times(mentor, the_same(db.session(), sale), lost)
    return redirect(url_for("payments.cancelled", purchase_id=sale.purchase.public_id), code=303)


def _go_and_pay(sale: queries.Sale) -> ResponseReturnValue:
    here = url_for("payments.returned", purchase_id=sale.purchase.public_id)
    if sale.purchase.status == PurchaseStatus.SOLD:
        flash(_confirmed(sale), "success")
        return redirect(url_for("pages.session", public_id=sale.booking.public_id), code=303)
    if sale.payment is None or not _is_held(sale):
        return redirect(here, code=303)
    try:
        address = till().open_checkout(sale.payment.id)
    except GatewayUnavailable:
        flash(str(SLOW_STRIPE), "warning")
        return redirect(url_for("payments.cancelled", purchase_id=sale.purchase.public_id), code=303)
    return redirect(address or here, code=303)


def _confirmed(sale: queries.Sale) -> str:
    """As on the page to which one comes back from Stripe."""
    mentor = db.session.get_one(User, sale.purchase.mentor_id)
    return str(
        _(
            "%(title)s with %(name)s is confirmed. The confirmation is in your mail too.",
            title=sale.booking.title,
            name=mentor.name,
        )
    )


def _looked_at(sale: queries.Sale, *, give_back: bool) -> queries.Sale:
    """The sale as it is after asking Stripe; as it was when Stripe does not answer."""
    assert sale.payment is not None
    db.session.commit()
    try:
        till().look(sale.payment.id, give_back=give_back)
    except GatewayUnavailable:
        flash(str(SLOW_STRIPE), "warning")
    db.session.expire_all()
    return queries.sale_of(db.session(), db.session.get_one(type(sale.purchase), sale.purchase.id))


def _may_still_change(sale: queries.Sale) -> bool:
    return sale.payment is not None and sale.purchase.status != PurchaseStatus.SOLD


def _is_held(sale: queries.Sale) -> bool:
    return sale.payment is not None and sale.booking.state in PENDING and sale.purchase.status == PurchaseStatus.UNPAID


def _telling(sale: queries.Sale) -> dict[str, object]:
    """What the pages after checkout say; `state` is the truth in one word."""
    mentor = db.session.get_one(Mentor, sale.purchase.mentor_id)
    refund = queries.refund_of(db.session(), sale.payment.id) if sale.payment else None
    state = _state(sale, refunded=refund is not None)
    lost = state in {"expired", "refunded"}
    return {
        "purchase": sale.purchase,
        "booking": sale.booking,
        "bookings": sale.bookings,
        "payment": sale.payment,
        "refund": refund,
        "mentor": mentor,
        "mentor_name": db.session.get_one(User, mentor.id).name,
        "state": state,
        "zone": viewer_zone(),
        "slots": next_free(sale.purchase.offering_id, sale.booking.starts_at) if lost else [],
        "extend": queries.extension_of(db.session(), sale.payment, utcnow()),
    }


def _state(sale: queries.Sale, *, refunded: bool) -> str:
    if refunded:
        return "refunded"
    if sale.purchase.status == PurchaseStatus.SOLD:
        return "confirmed"
    if sale.booking.state is BookingStatus.AWAITING_PAYMENT:
        return "processing"
    return "open" if sale.booking.state is BookingStatus.HELD else "expired"


def _unpaid_elsewhere(other: UnpaidPurchase, order: Order, slug: str) -> ResponseReturnValue:
    page = render_template("payments/unpaid.html", wanted=order, slug=slug, **_telling(other.sale))
    return page, status_of(other)
