"""Where mentoring ends, and whom a mentor names then."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import status_of
from marketplace.core.ids import public_id as drawn_id
from marketplace.core.language import spoken
from marketplace.mentors.queries import own_mentor
from marketplace.mentorships.forms.own import ReferralForm
from marketplace.mentorships.forms.papers import is_public_id
from marketplace.mentorships.models.own import Referral
from marketplace.mentorships.queries.own import referral_of, referrals_of
from marketplace.mentorships.services import referrals as service
from marketplace.mentorships.services.referrals import ListFull
from marketplace.mentorships.views.frame import bp
from marketplace.mentorships.words.beyond import BEYOND


@bp.get("/where-mentoring-ends")
@login_required
def beyond() -> ResponseReturnValue:
    return _beyond(ReferralForm(formdata=None, data={"form": drawn_id()}))


@bp.post("/where-mentoring-ends")
@login_required
def add_referral() -> ResponseReturnValue:
    me, form = _mentor_id(), ReferralForm()
    if not form.validate_on_submit():
        return _beyond(form), 422
    name = form.form.data or ""
    try:
        named = form.named()
        service.add_referral(db.session(), me, named, form=name if is_public_id(name) else drawn_id(), now=utcnow())
    except ListFull as refusal:
        db.session.rollback()
        form.name.errors = [spoken(refusal)]
        return _beyond(form), status_of(refusal)
    db.session.commit()
    flash(_("Kept, for you alone."))
    return redirect(url_for("mentorships.beyond", _anchor="yours"), code=303)


@bp.get("/where-mentoring-ends/<public_id>")
@login_required
def referral(public_id: str) -> ResponseReturnValue:
    found = referral_of(db.session(), _mentor_id(), public_id)
    return _referral(found, ReferralForm(formdata=None, obj=found))


@bp.post("/where-mentoring-ends/<public_id>")
@login_required
def change_referral(public_id: str) -> ResponseReturnValue:
    me, form = _mentor_id(), ReferralForm()
    found = referral_of(db.session(), me, public_id)
    if not form.validate_on_submit():
        return _referral(found, form), 422
    service.change_referral(db.session(), me, public_id, form.named())
    db.session.commit()
    flash(_("Kept, for you alone."))
    return redirect(url_for("mentorships.beyond", _anchor="yours"), code=303)


@bp.post("/where-mentoring-ends/<public_id>/remove")
@login_required
def remove_referral(public_id: str) -> ResponseReturnValue:
    service.remove_referral(db.session(), _mentor_id(), public_id)
    db.session.commit()
    flash(_("It is off your list."))
    return redirect(url_for("mentorships.beyond", _anchor="yours"), code=303)


def _mentor_id() -> int:
    return own_mentor(db.session(), signed_in().id).id


def _beyond(form: ReferralForm) -> str:
    mine = referrals_of(db.session(), _mentor_id())
    return render_template("mentorships/beyond.html", form=form, beyond=BEYOND, referrals=mine)


def _referral(found: Referral, form: ReferralForm) -> str:
    return render_template("mentorships/referral.html", referral=found, form=form)
