"""Booking what is left of a programme as a series: all of it is looked at first, and booked with one press."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.services.hold import NotBookable, SlotTaken
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.core.paging import number
from marketplace.offerings.models import MOST_SESSIONS
from marketplace.pages.programme_page import mentor_of, programme_to_book
from marketplace.pages.remaining_page import remaining_page
from marketplace.pages.views import bp
from payments.forms.programmes import BookRemainingForm
from payments.forms.series import AskedSeries
from payments.services.book_bought import BookedMeanwhile, Chosen, NothingToBook, book_bought
from payments.services.buy import EarlyStartNotAsked
from payments.views.frame import till


@bp.get("/purchases/<public_id>/series")
@login_required
def remaining(public_id: str) -> ResponseReturnValue:
    """What can be read of the address counts; without a time to begin one is chosen first."""
    asked = AskedSeries.read(request.args, MOST_SESSIONS)
    many = number(request.args.get("sessions", "")) or MOST_SESSIONS
    return _page(public_id, asked, many, BookRemainingForm(formdata=None))


@bp.post("/purchases/<public_id>/series")
@login_required
def remaining_now(public_id: str) -> ResponseReturnValue:
    """All of them or none. Once for each page that was pressed; who presses twice is led to what the first press
    booked."""
    form, here = BookRemainingForm(), till()
    purchase, _programme = programme_to_book(db.session(), public_id, signed_in().id)
    if not form.starts:
        return _choose(public_id)
    if not form.validate_on_submit():
        return _again(public_id, form, 422)
    chosen = Chosen(form.starts, form.agenda.data or "", early=form.early.data)
    book = partial(book_bought, here.session, purchase.id, chosen, now=here.now, settings=here.settings)
    try:
        bookings = here.change_time(book)
    except (NothingToBook, BookedMeanwhile) as over:
        db.session.rollback()
        flash(spoken(over), "warning")
        return redirect(url_for("pages.programme", public_id=public_id), code=303)
    except (SlotTaken, NotBookable, EarlyStartNotAsked) as refusal:
        return _refused(public_id, form, refusal)
    flash(_("All %(number)s are booked. The confirmation is in your mail too.", number=len(bookings)), "success")
    return redirect(url_for("pages.programme", public_id=public_id), code=303)


def _refused(public_id: str, form: BookRemainingForm, refusal: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    form.form_errors.append(spoken(refusal))
    return _again(public_id, form, status_of(refusal))


def _again(public_id: str, form: BookRemainingForm, status: int) -> ResponseReturnValue:
    """The page as it stands now, with the times that were chosen and what was written."""
    starts = sorted(form.starts.values())
    return _page(public_id, AskedSeries.exactly(starts, request.args), len(starts), form, status)


def _choose(public_id: str) -> ResponseReturnValue:
    flash(_("Choose a time from the list."), "warning")
    return redirect(url_for("pages.book_bought", public_id=public_id), code=303)


def _page(
    public_id: str, asked: AskedSeries | None, many: int, form: BookRemainingForm, status: int = 200
) -> ResponseReturnValue:
    purchase, programme = programme_to_book(db.session(), public_id, signed_in().id)
    if asked is None:
        return _choose(public_id)
    bought, zone = (purchase, programme, mentor_of(db.session(), purchase)), viewer_zone()
    page = remaining_page(db.session(), bought, asked, many, zone=zone, settings=settings(), now=utcnow())
    if page is None:
        return redirect(url_for("pages.book_bought", public_id=public_id), code=303)
    form.times.data = page.times
    return render_template("pages/remaining.html", page=page, form=form, zone=zone, zones=zone_choices()), status
