"""The pages of receipts and invoices."""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox.currencies import shown
from payments.sandbox.hosted import guarded
from payments.sandbox.parts import Parts


def receipts(parts: Parts) -> Blueprint:
    bp = Blueprint("receipts", __name__, url_prefix="/receipts")

    @bp.get("/<object_id>")
    def page(object_id: str) -> AnyResponse:
        with parts.store.reading() as tx:
            row = tx.row(object_id)
        if row is None or row[1]["object"] not in {"charge", "invoice"}:
            return guarded(make_response(render_template("missing.html"), 404))
        kept = row[1]
        paid = kept["amount_paid"] if kept["object"] == "invoice" else kept["amount"]
        return guarded(make_response(render_template("receipt.html", kept=kept, total=shown(paid, kept["currency"]))))

    return bp
