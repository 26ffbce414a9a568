"""What holding all rows against Stripe has healed and left."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.db import db
from marketplace.core.jobs import enqueue
from marketplace.operator.views.frame import bp
from payments.services.reconcile_runs import runs


@bp.get("/reconcile")
def reconcile() -> ResponseReturnValue:
    found = runs(db.session())
    return render_template("operator/reconcile.html", last=found[0] if found else None, earlier=found[1:])


@bp.post("/reconcile")
def reconcile_now() -> ResponseReturnValue:
    enqueue(db.session(), "payments:reconcile", once="reconcile")
    db.session.commit()
    flash(_("The worker is looking. Load this page again in a minute."))
    return redirect(url_for("operator.reconcile"), code=303)
