"""The books by month, to take along."""

from __future__ import annotations

from datetime import date, datetime

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import settings
from marketplace.operator.views.frame import bp
from payments.domain.books import as_beancount, as_csv
from payments.queries.books import books_of, months_booked


@bp.get("/books")
def books() -> ResponseReturnValue:
    return render_template("operator/books.html", months=months_booked(db.session()))


@bp.get("/books/<month>.<any(csv, beancount):form>")
def books_file(month: str, form: str) -> ResponseReturnValue:
    found = books_of(db.session(), _month(month))
    text = as_csv(found) if form == "csv" else as_beancount(found, settings().site_name)
    name = f"attachment; filename=books-{found.first:%Y-%m}.{form}"
    return Response(text, mimetype="text/csv" if form == "csv" else "text/plain", headers={"Content-Disposition": name})


def _month(typed: str) -> date:
    """`2026-12`. Raises NotFound."""
    try:
        found = datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
    except ValueError as wrong:
        raise NotFound("There is no such month.") from wrong
    if not date.min.year < found.year < date.max.year:
        raise NotFound("There is no such month.")
    return found
