"""A mentor's offerings: what is for sale, for how much, and in which order."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.queries.bookings import ever_booked
from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.http import settings
from marketplace.core.language import spoken
from marketplace.desk.forms.offerings import OfferingForm, as_typed, at_first, example_start
from marketplace.desk.showing.next_step import step_after
from marketplace.desk.showing.prices import sums_in
from marketplace.desk.views.frame import tabs
from marketplace.mentors.domain.checklist import Point
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import own_mentor
from marketplace.offerings.models import Offering, OfferingKind
from marketplace.offerings.queries import own_offering, own_offerings
from marketplace.offerings.services import arrange as arranging
from marketplace.offerings.services.keep import OffersFull, OneFitCall, add_offering, change_offering
from marketplace.offerings.words import KINDS, kind_words
from payments.queries.fees import fee_rule_of, next_change

bp = Blueprint("offerings", __name__, url_prefix="/desk/offerings")

bp.context_processor(tabs)

LOOK_AT_SUMS = "sums"


@bp.before_request
@login_required
def only_signed_in() -> None:
    """Whether they are mentors is found out with their rows."""


@bp.get("")
def index() -> ResponseReturnValue:
    mentor = own_mentor(db.session(), signed_in().id)
    offerings = own_offerings(db.session(), mentor.id)
    return render_template(
        "desk/offerings.html",
        mentor=mentor,
        on_offer=[each for each in offerings if each.active],
        resting=[each for each in offerings if not each.active],
        booked=ever_booked(db.session(), [each.id for each in offerings]),
        kinds=KINDS,
        next_step=step_after(Point.OFFERING, mentor.id),
        fee_ahead=next_change(db.session(), mentor.id, settings(), utcnow()),
    )


@bp.route("/new/<kind>", methods=["GET", "POST"])
def new(kind: str) -> ResponseReturnValue:
    mentor = own_mentor(db.session(), signed_in().id)
    if kind not in set(OfferingKind):
        abort(404)
    form = _form(mentor, kind, settings().currencies, at_first(kind))
    if (answer := _looked_at(form)) is not None:
        return answer
    try:
        add_offering(db.session(), mentor.id, OfferingKind(kind), form.terms)
    except (OneFitCall, OffersFull) as refusal:
        return _refused(form, refusal)
    if form.terms.price and not mentor.can_be_paid:
        return _kept(_("“%(title)s” is kept. Mentees see it once Stripe can pay you.", title=form.terms.title))
    return _kept(_("“%(title)s” is on offer now.", title=form.terms.title))


@bp.route("/<int(max=9223372036854775807):offering_id>", methods=["GET", "POST"])
def edit(offering_id: int) -> ResponseReturnValue:
    mentor = own_mentor(db.session(), signed_in().id)
    offering = own_offering(db.session(), mentor.id, offering_id)
    currencies = tuple(dict.fromkeys([offering.currency, *settings().currencies]))
    form = _form(mentor, offering.kind, currencies, as_typed(offering))
    if (answer := _looked_at(form, offering)) is not None:
        return answer
    change_offering(db.session(), mentor.id, offering.id, form.terms)
    return _kept(_("“%(title)s” is changed. What is booked already stays as it was.", title=form.terms.title))


@bp.post("/<int(max=9223372036854775807):offering_id>/<any(pause, resume, up, down, delete):act>")
def arrange(offering_id: int, act: str) -> ResponseReturnValue:
    mentor_id = own_mentor(db.session(), signed_in().id).id
    try:
        if act in {"up", "down"}:
            arranging.move(db.session(), mentor_id, offering_id, -1 if act == "up" else 1)
        else:
            _ARRANGE[act](db.session(), mentor_id, offering_id)
        db.session.commit()
    except (Conflict, RuleBroken) as refusal:
        db.session.rollback()
        flash(spoken(refusal), "warning")
    return redirect(url_for("offerings.index", _anchor=f"offering-{offering_id}"), code=303)


_ARRANGE = {"pause": arranging.pause, "resume": arranging.resume, "delete": arranging.delete}


def _form(mentor: Mentor, kind: str, currencies: tuple[str, ...], filled: dict[str, object]) -> OfferingForm:
    return OfferingForm(
        kind,
        currencies=currencies,
        rule=fee_rule_of(db.session(), mentor.id, settings(), utcnow()),
        example=example_start(utcnow(), mentor.tz),
        zone=mentor.tz,
        data=filled,
    )


def _looked_at(form: OfferingForm, offering: Offering | None = None) -> ResponseReturnValue | None:
    """The page, unless what was typed is right and to be kept."""
    if not form.is_submitted():
        return _page(form, offering)
    right = form.validate()
    if request.form.get("act") == LOOK_AT_SUMS:
        form.only_about_sums()
        return _page(form, offering), 422 if form.errors else 200
    return None if right else (_page(form, offering), 422)


def _page(form: OfferingForm, offering: Offering | None = None) -> str:
    return render_template(
        "desk/offerings_edit.html",
        form=form,
        offering=offering,
        words=kind_words(form.kind),
        sums=sums_in(form),
        rule=form.rule,
    )


def _refused(form: OfferingForm, refusal: OneFitCall | OffersFull) -> ResponseReturnValue:
    db.session.rollback()
    form.form_errors.append(spoken(refusal))
    return _page(form), 422


def _kept(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("offerings.index"), code=303)
