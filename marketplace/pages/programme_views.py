"""A programme that was bought: what is left of it, and booking its next session."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.services.hold import NotBookable, SlotTaken
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core import formats
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.pages.asked import Asked
from marketplace.pages.programme_page import book_page, programme_page, programme_to_book
from marketplace.pages.views import bp
from payments.forms.programmes import BookBoughtForm
from payments.services.book_bought import BookedMeanwhile, Chosen, NothingToBook
from payments.services.book_bought import book_bought as booking_bought
from payments.services.buy import EarlyStartNotAsked
from payments.views.frame import till


@bp.get("/purchases/<public_id>")
@login_required
def programme(public_id: str) -> ResponseReturnValue:
    """For its two people; everybody else finds nothing."""
    page = programme_page(db.session(), public_id, signed_in().id, settings(), utcnow())
    return render_template("pages/programme.html", page=page, zone=viewer_zone())


@bp.get("/purchases/<public_id>/book")
@login_required
def book_bought(public_id: str) -> ResponseReturnValue:
    return _page(public_id, Asked.read(request.args), BookBoughtForm(formdata=None))


@bp.post("/purchases/<public_id>/book")
@login_required
def book_bought_now(public_id: str) -> ResponseReturnValue:
    """Once for each page that was pressed; who presses twice is led to what the first press booked."""
    form, here = BookBoughtForm(), till()
    purchase, _programme = programme_to_book(db.session(), public_id, signed_in().id)
    start, position = form.starts_at, form.position_seen
    if start is None or position is None:
        flash(_("Choose a time from the list."), "warning")
        return redirect(url_for("pages.book_bought", public_id=public_id), code=303)
    asked = replace(Asked.read(request.args), start=start)
    if not form.validate_on_submit():
        return _page(public_id, asked, form, status=422)
    chosen = Chosen({position: start}, form.agenda.data or "", early=form.early.data)
    book = partial(booking_bought, here.session, purchase.id, chosen, now=here.now, settings=here.settings)
    try:
        [booking] = here.change_time(book)
    except (NothingToBook, BookedMeanwhile) as over:
        db.session.rollback()
        flash(spoken(over), "warning")
        return redirect(url_for("pages.programme", public_id=public_id), code=303)
    except (SlotTaken, NotBookable, EarlyStartNotAsked) as refusal:
        return _refused(public_id, asked, form, refusal)
    flash(_("It is booked. The confirmation is in your mail too."), "success")
    return redirect(url_for("pages.session", public_id=booking.public_id), code=303)


def _refused(public_id: str, asked: Asked, form: BookBoughtForm, refusal: DomainError) -> ResponseReturnValue:
    """The page again, as it stands now, with what was written."""
    db.session.rollback()
    form.form_errors.append(spoken(refusal))
    return _page(public_id, asked, form, status=status_of(refusal))


def _page(public_id: str, asked: Asked, form: BookBoughtForm, status: int = 200) -> ResponseReturnValue:
    bought = programme_to_book(db.session(), public_id, signed_in().id)
    page = book_page(db.session(), bought, asked, viewer_zone(), settings(), utcnow())
    if page.position is None:
        flash(_("All sessions of this programme are booked."), "warning")
        return redirect(url_for("pages.programme", public_id=public_id), code=303)
    chosen = page.times.chosen if page.times else None
    form.start.data = formats.instant(chosen.start) if chosen else ""
    form.position.data = str(page.position)
    shown = {"page": page, "form": form, "zone": viewer_zone(), "zones": zone_choices()}
    return render_template("pages/book_bought.html", **shown), status
