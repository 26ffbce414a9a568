"""On to Stripe's own receipt or invoice, for the mentee alone; its address is asked for at each visit, never kept."""

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from payments.queries import sales as queries
from payments.views.frame import bp, till


@bp.get("/sessions/<public_id>/receipt-at-stripe")
@login_required
def receipt_at_stripe(public_id: str) -> ResponseReturnValue:
    """Raises NotFound: of another's session, and where nothing was paid at Stripe."""
    session_id = queries.paid_session(db.session(), public_id, signed_in().id)
    db.session.commit()
    address = till().gateway.fetch_receipt(session_id) if session_id else None
    if address is None:
        raise NotFound("Stripe has no receipt of this session.")
    return redirect(address, code=303)
