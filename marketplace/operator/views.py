"""The operator's desk."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.paging import page_number
from marketplace.operator.queries import booking_lines

bp = Blueprint("operator", __name__, url_prefix="/operator")

PER_PAGE = 50


@bp.before_request
@login_required
def only_operators() -> None:
    """Who is none is told that there is nothing here."""
    if not signed_in().is_operator:
        raise NotFound("There is nothing here.")


@bp.get("/bookings")
def bookings() -> ResponseReturnValue:
    page = page_number()
    lines = booking_lines(db.session(), offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template("operator/bookings.html", lines=lines[:PER_PAGE], page=page, has_more=len(lines) > PER_PAGE)
