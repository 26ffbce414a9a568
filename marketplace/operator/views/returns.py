"""Giving money back for a settled session, and shares that do not reach their mentors through Stripe."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.current import signed_in
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.core.paging import page_number
from marketplace.operator.forms.returns import GiveBackForm, MentorByHandForm, minor_of
from marketplace.operator.queries.transfers import stuck_transfers
from marketplace.operator.views.frame import PER_PAGE, bp
from payments.offers.cancel import anybodys_session
from payments.queries.owed import all_owed
from payments.queries.settling import given_back_for, left_to_give_back
from payments.services.give_back import Giving, NotToBeGivenBack, TooMuchToGiveBack
from payments.services.transfer_by_hand import Handing, TransferNotStuck, ask_for_it_again, pay_mentor_by_hand
from payments.stripe_api.gateway import StripeGateway
from payments.taking_back import TakingBack


@bp.get("/bookings/<public_id>/give-back")
@fresh_sign_in
def give_back(public_id: str) -> ResponseReturnValue:
    return _page(public_id, None)


@bp.post("/bookings/<public_id>/give-back")
@fresh_sign_in
def give_back_now(public_id: str) -> ResponseReturnValue:
    booking = anybodys_session(db.session(), public_id)
    left = left_to_give_back(db.session(), booking.id)
    form = GiveBackForm(left.currency if left else settings().currency)
    if not form.validate_on_submit():
        return _page(public_id, form, status=422)
    giving = Giving(form.sum, minor_of(form.left), signed_in().id, form.reason.data or "")
    booking_id = booking.id
    db.session.commit()
    try:
        TakingBack(db.session(), StripeGateway(settings()), utcnow()).give_back(booking_id, giving)
    except (NotToBeGivenBack, TooMuchToGiveBack) as refusal:
        db.session.rollback()
        form.form_errors.append(spoken(refusal))
        return _page(public_id, form, status=status_of(refusal))
    flash(_("It goes back, and both are told by mail."), "success")
    return redirect(url_for("operator.booking", public_id=public_id), code=303)


def _page(public_id: str, form: GiveBackForm | None, status: int = 200) -> ResponseReturnValue:
    """As it stands now; without a form when nothing can go back."""
    booking = anybodys_session(db.session(), public_id)
    left = left_to_give_back(db.session(), booking.id)
    form = form or GiveBackForm(left.currency if left else settings().currency, formdata=None)
    form.left.data, form.left.raw_data = str(left.minor) if left else "", None
    given = given_back_for(db.session(), booking.id)
    page = render_template("operator/give_back.html", booking=booking, left=left, given=given, form=form)
    return page, status


@bp.get("/transfers")
@fresh_sign_in
def transfers() -> ResponseReturnValue:
    return _transfers(MentorByHandForm(formdata=None))


@bp.post("/transfers/<public_id>/again")
@fresh_sign_in
def transfer_again(public_id: str) -> ResponseReturnValue:
    booking = anybodys_session(db.session(), public_id)
    ask_for_it_again(db.session(), booking.id, operator_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Stripe is being asked again."))
    return redirect(url_for("operator.transfers"), code=303)


@bp.post("/transfers/<public_id>/by-hand")
@fresh_sign_in
def transfer_by_hand(public_id: str) -> ResponseReturnValue:
    booking, form = anybodys_session(db.session(), public_id), MentorByHandForm()
    if not form.validate_on_submit():
        return _transfers(form, about=public_id, status=422)
    handing = Handing(minor_of(form.amount), signed_in().id, form.how.data or "")
    try:
        pay_mentor_by_hand(db.session(), booking.id, handing, now=utcnow())
    except TransferNotStuck as refusal:
        return _refused(form, public_id, refusal)
    db.session.commit()
    flash(_("Noted, and the mentor has been told."))
    return redirect(url_for("operator.transfers"), code=303)


def _refused(form: MentorByHandForm, public_id: str, refusal: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    form.how.errors = [spoken(refusal)]
    return _transfers(form, about=public_id, status=status_of(refusal))


def _transfers(form: MentorByHandForm, about: str = "", status: int = 200) -> ResponseReturnValue:
    """`about` is the session whose form was sent and is not right yet."""
    page = page_number()
    lines = stuck_transfers(db.session(), offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    shown = render_template(
        "operator/transfers.html",
        lines=lines[:PER_PAGE],
        owed=all_owed(db.session()),
        page=page,
        has_more=len(lines) > PER_PAGE,
        form=form,
        about=about,
    )
    return shown, status
