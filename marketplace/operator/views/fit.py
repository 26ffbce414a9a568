"""How many people say that they do not fit: of closed months, of ten at least, in steps of five. Never who."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.mentorships.domain.fit import ENOUGH, Band
from marketplace.mentorships.queries.fit import by_month
from marketplace.mentorships.words.fit import PLACES
from marketplace.operator.views.frame import bp


@bp.get("/fit")
def fit() -> ResponseReturnValue:
    band = Band(*settings().fit_band)
    months = [(month, counted, band.place(counted)) for month, counted in by_month(db.session(), utcnow())]
    return render_template("operator/fit.html", months=months, band=band, enough=ENOUGH, places=PLACES)
