"""What waits for a person, and the newest sessions."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.paging import page_number
from marketplace.operator.forms.asking import BookingFilter
from marketplace.operator.queries.bookings import booking_lines
from marketplace.operator.queries.overview import overview
from marketplace.operator.views.frame import PER_PAGE, bp


@bp.get("")
def home() -> ResponseReturnValue:
    zone = viewer_zone()
    return render_template("operator/home.html", shown=overview(db.session(), zone, utcnow()), zone=zone)


@bp.get("/bookings")
def bookings() -> ResponseReturnValue:
    form, page = BookingFilter(request.args), page_number()
    sought = (form.of.data or "").replace("\0", "")
    lines = booking_lines(db.session(), sought=sought, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/bookings.html",
        lines=lines[:PER_PAGE],
        form=form,
        sought=sought,
        page=page,
        has_more=len(lines) > PER_PAGE,
    )
