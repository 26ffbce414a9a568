"""What a mentee is shown when a time could not be held as it was asked for, with a way on."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.domain.slots import Slot
from booking.queries.bookings import envelope_of, nearest_free
from booking.services.fit_calls import NoFitCall
from booking.services.hold import NotBookable, SeriesNotFree, SlotTaken
from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from marketplace.offerings.queries import offerings_for_sale
from payments.forms.checkout import FitCallForm, HoldForm
from payments.forms.series import AskedSeries
from payments.services.asked_first import AskedFirst
from payments.services.buy import EarlyStartNotAsked, Order, PriceChanged
from payments.views.frame import with_mentor
from payments.views.series import programme_on_offer, series_proposed


def to_be_completed(mentor: Mentor, form: HoldForm) -> ResponseReturnValue:
    """What was written can be put right without choosing the time again."""
    if form.errors.keys() & {"offering", "start", "later", "csrf_token"}:
        flash(_("Choose a time from the list."), "warning")
        return redirect(url_for("pages.mentor", slug=mentor.slug), code=303)
    if isinstance(form, FitCallForm):
        return _questions(mentor, form, [form.starts_at]), 422
    return render_template("payments/agenda.html", form=form, **with_mentor(mentor)), 422


def price_changed(mentor: Mentor, form: HoldForm, changed: PriceChanged) -> ResponseReturnValue:
    """Both sums, and the button that takes the new one."""
    page = render_template("payments/price_changed.html", form=form, changed=changed, **with_mentor(mentor))
    return page, status_of(changed)


def to_be_done_first(mentor: Mentor, form: HoldForm, refusal: AskedFirst) -> ResponseReturnValue:
    """Where to do it, and the button once more with all that was chosen and written."""
    page = render_template("payments/asked_first.html", form=form, refusal=refusal, **with_mentor(mentor))
    return page, status_of(refusal)


def early_to_be_asked(mentor: Mentor, form: HoldForm, refusal: EarlyStartNotAsked) -> ResponseReturnValue:
    """The box that was not ticked, with all that was written."""
    return render_template("payments/early.html", form=form, refusal=refusal, **with_mentor(mentor)), status_of(refusal)


def other_times(
    mentor: Mentor, order: Order, refusal: SlotTaken | NotBookable, form: HoldForm | None = None
) -> ResponseReturnValue:
    """The nearest free times; what was answered before a fit call stays with them. A series is proposed anew."""
    if isinstance(refusal, SeriesNotFree):
        offering = programme_on_offer(db.session(), mentor, order.offering_id)
        asked = AskedSeries.exactly(order.starts, request.args)
        return series_proposed(mentor, offering, asked, agenda=order.agenda, refusal=refusal), status_of(refusal)
    slots = next_free(order.offering_id, order.start)
    if slots and isinstance(form, FitCallForm):
        starts = [slot.start for slot in slots]
        return _questions(mentor, form, starts, gone=order.start, sentence=spoken(refusal)), status_of(refusal)
    page = render_template(
        "payments/slot_taken.html",
        offering=db.session.get(Offering, order.offering_id),
        start=order.start,
        sentence=spoken(refusal),
        agenda=order.agenda,
        slots=slots,
        **with_mentor(mentor),
    )
    return page, status_of(refusal)


def no_fit_call(mentor: Mentor, order: Order, refusal: NoFitCall) -> ResponseReturnValue:
    """Who presses twice sees what the first press booked; the others see their calls, and what else there is."""
    for call in refusal.calls:
        if (call.mentor_id, call.starts_at) == (mentor.id, order.start):
            return redirect(url_for("pages.session", public_id=call.public_id), code=303)
    page = render_template(
        "payments/no_fit_call.html",
        refusal=refusal,
        others=[each for each in offerings_for_sale(db.session(), [mentor.id]) if not each.is_fit_call],
        **with_mentor(mentor),
    )
    return page, status_of(refusal)


def next_free(offering_id: int, wanted: datetime) -> list[Slot]:
    """For the one who is signed in."""
    return nearest_free(
        db.session(),
        offering=db.session.get_one(Offering, offering_id),
        mentee_id=signed_in().id,
        wanted=wanted,
        now=utcnow(),
        envelope=envelope_of(settings()),
    )


def _questions(mentor: Mentor, form: FitCallForm, starts: list[datetime], **told: object) -> str:
    return render_template("payments/fit_call.html", form=form, starts=starts, **told, **with_mentor(mentor))
