"""Ending a mentorship: what it comes to is read first, in sums, and pressed once."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import status_of
from marketplace.core.language import spoken
from marketplace.mentorships.domain.states import OVER
from marketplace.mentorships.domain.visibility import Access, Role, Thing
from marketplace.mentorships.forms.ending import PairEndForm
from marketplace.mentorships.queries.pairs import Pair, address_of
from marketplace.mentorships.services.ending import end_pair, pair_ending
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of
from payments.queries.programmes import programme_for
from payments.services.end_programme import EndChanged
from payments.views.frame import till


@bp.get("/mentorships/<public_id>/end")
@login_required
def end(public_id: str) -> ResponseReturnValue:
    return _page(mine(public_id, Thing.STANDING, Access.WRITE), PairEndForm(formdata=None))


@bp.post("/mentorships/<public_id>/end")
@login_required
def end_now(public_id: str) -> ResponseReturnValue:
    """Whoever comes second, with a page from before, is led to where it stands."""
    pair, form, here = mine(public_id, Thing.STANDING, Access.WRITE), PairEndForm(), till()
    if not form.validate_on_submit():
        return _page(pair, form, status=422)
    try:
        here.changing(partial(end_pair, here.session, writer_of(pair), form.agreed))
    except EndChanged as changed:
        db.session.rollback()
        form.form_errors.append(spoken(changed))
        return _page(mine(public_id, Thing.STANDING), form, status=status_of(changed))
    flash(_("It has ended. What you have written stays readable for both of you."), "success")
    onwards = url_for("pages.onwards", public_id=public_id)
    return redirect(onwards if writer_of(pair).role is Role.MENTEE else _afterwards(pair), code=303)


@bp.get("/purchases/<public_id>/end-both")
@login_required
def end_with(public_id: str) -> ResponseReturnValue:
    """From ending a programme to ending the mentorship that it belongs to."""
    purchase, _programme = programme_for(db.session(), public_id, signed_in().id)
    address = address_of(db.session(), purchase.mentor_id, purchase.mentee_id)
    if address is None:
        raise NotFound("There is no such mentorship.")
    return redirect(url_for("mentorships.end", public_id=address), code=303)


def _afterwards(pair: Pair) -> str:
    return url_for("mentorships.page", public_id=pair.row.public_id)


def _page(pair: Pair, form: PairEndForm, status: int = 200) -> ResponseReturnValue:
    me, now = signed_in(), utcnow()
    role = pair.role_of(me.id)
    found = pair_ending(db.session(), pair.row, role, now)
    if pair.row.standing in OVER and not found.programmes:
        return redirect(_afterwards(pair), code=303)
    form.tell(found.backs)
    page = render_template(
        "mentorships/end.html",
        pair=pair,
        me=me,
        other=pair.other(me.id),
        form=form,
        found=found,
        is_mentees=role is Role.MENTEE,
        zone=viewer_zone(),
    )
    return page, status
