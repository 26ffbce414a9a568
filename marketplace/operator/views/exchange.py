"""Payments that Stripe settled in another currency: what mentors have earned by them waits for an operator."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.operator.views.frame import bp
from payments.queries.exchanges import exchange_lines
from payments.services.release_exchange import release_exchange


@bp.get("/exchanges")
def exchanges() -> ResponseReturnValue:
    return render_template("operator/exchanges.html", lines=exchange_lines(db.session()))


@bp.post("/exchanges/<int:payment_id>/release")
def release(payment_id: int) -> ResponseReturnValue:
    release_exchange(db.session(), payment_id, operator_id=signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("The mentor is paid from the site’s balance, as soon as the session is final and there is enough."))
    return redirect(url_for("operator.exchanges"), code=303)
