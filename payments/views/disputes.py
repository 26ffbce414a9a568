"""What the two people of a session may do about a dispute of its payment."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from payments.offers.cancel import session_to_cancel
from payments.services.attachments import attach_agenda as attach
from payments.views.frame import bp


@bp.post("/sessions/<public_id>/attach-agenda")
@login_required
def attach_agenda(public_id: str) -> ResponseReturnValue:
    me = signed_in()
    booking, _side = session_to_cancel(db.session(), public_id, me.id)
    attach(db.session(), booking.id, person_id=me.id, now=utcnow())
    db.session.commit()
    flash(_("The agenda is attached to our answer to the bank."), "success")
    return redirect(url_for("pages.session", public_id=public_id), code=303)
