"""What a mentor has earned: by month, line by line as a file, and what is left of it for each real hour."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import StringIO

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import login_required
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from marketplace.accounts.current import signed_in
from marketplace.core.charts.bars import bars
from marketplace.core.db import db
from marketplace.core.forms import Form
from marketplace.core.money import Money, decimals
from marketplace.desk.views.frame import tabs
from marketplace.mentors.queries import own_mentor
from payments.domain.earnings import EarnedLine, earnings
from payments.queries.bank_payouts import at_bank_of, newest
from payments.queries.earnings import earned_lines, to_come
from payments.queries.owed import owed_by

bp = Blueprint("earnings", __name__, url_prefix="/desk/earnings")

bp.context_processor(tabs)

AROUND_AT_FIRST = 30
SHOWN = 50
COLUMNS = (
    "earned_at",
    "session",
    "starts_at",
    "title",
    "mentee",
    "minutes",
    "currency",
    "mentee_paid",
    "discount",
    "site",
    "earned",
    "transferred_at",
    "transfer",
    "taken_back",
    "kept_for_owed",
    "transferred",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula begins with one of these."""


class AroundForm(Form):
    """In the address; what makes no sense is as if nothing was asked."""

    class Meta(Form.Meta):
        csrf = False

    around = IntegerField(
        lazy_gettext("Minutes around each session"),
        [Optional(), NumberRange(0, 960)],
        render_kw={"inputmode": "numeric"},
    )


@bp.before_request
@login_required
def only_signed_in() -> None:
    """Whether they are mentors is found out with their rows."""


@bp.get("")
def page() -> ResponseReturnValue:
    mentor = own_mentor(db.session(), signed_in().id)
    form = AroundForm(request.args)
    around = form.around.data if form.validate() and form.around.data is not None else AROUND_AT_FIRST
    form.around.data, form.around.raw_data, form.around.errors = around, None, []
    lines = earned_lines(db.session(), mentor.id)
    found = earnings(lines, mentor.tz, around=around)
    return render_template(
        "desk/earnings.html",
        found=[(each, bars([month.earned.minor for month in each.months])) for each in found],
        owed=owed_by(db.session(), mentor.id),
        coming=to_come(db.session(), mentor.id),
        at_bank=at_bank_of(db.session(), mentor.id),
        to_bank=newest(db.session(), mentor.id),
        lines=lines[:SHOWN],
        count=len(lines),
        form=form,
        mentor=mentor,
    )


@bp.get("/lines.csv")
def lines() -> ResponseReturnValue:
    """Every line; instants are in UTC, sums as decimal numbers."""
    mentor = own_mentor(db.session(), signed_in().id)
    written = StringIO(newline="")
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows(_row(line) for line in earned_lines(db.session(), mentor.id))
    name = f"attachment; filename=earnings-{mentor.slug}.csv"
    return Response(written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": name})


def _row(line: EarnedLine) -> Iterable[str]:
    return (
        line.earned_at.isoformat(timespec="seconds"),
        line.public_id,
        line.starts_at.isoformat(timespec="seconds"),
        _harmless(line.title),
        _harmless(line.mentee),
        str(line.minutes),
        line.share.currency,
        _number(line.paid),
        _number(line.discount),
        _number(line.site),
        _number(line.share),
        line.paid_at.isoformat(timespec="seconds") if line.paid_at else "",
        line.transfer or "",
        _number(line.moved.taken),
        _number(line.moved.kept),
        _number(line.moved.sent),
    )


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words


def _number(amount: Money) -> str:
    return str(Decimal(amount.minor).scaleb(-decimals(amount.currency)))
