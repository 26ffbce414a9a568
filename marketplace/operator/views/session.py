"""One session with everything that is known of it and of its sale."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.core.db import db
from marketplace.operator.history.line import STRANDS, Strand, history
from marketplace.operator.history.rows import rows_of
from marketplace.operator.views.frame import bp
from payments.queries.settling import left_to_give_back


@bp.get("/bookings/<public_id>")
def booking(public_id: str) -> ResponseReturnValue:
    asked = request.args.get("only", "")
    only = Strand(asked) if asked in set(Strand) else None
    rows = rows_of(db.session(), public_id)
    return render_template(
        "operator/booking.html",
        rows=rows,
        booking=rows.booking,
        moments=history(rows, only),
        only=only,
        strands=STRANDS,
        may_give_back=left_to_give_back(db.session(), rows.booking.id) is not None,
    )
