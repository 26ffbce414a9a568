"""Who did what: the audit log, the newest first."""

from __future__ import annotations

import json

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import Session

from marketplace.accounts.queries import user_by_address
from marketplace.core.audit import WHAT, AuditEntry
from marketplace.core.db import db
from marketplace.core.paging import page_number
from marketplace.operator.forms.asking import AuditFilter
from marketplace.operator.queries.vetting import deeds
from marketplace.operator.views.frame import PER_PAGE, bp


@bp.get("/audit")
def audit() -> ResponseReturnValue:
    form, page = AuditFilter(request.args), page_number()
    which = wanted(db.session(), form.what.data or "", form.who.data or "")
    found = deeds(db.session(), *which, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/audit.html",
        form=form,
        deeds=found[:PER_PAGE],
        page=page,
        has_more=len(found) > PER_PAGE,
        names=WHAT,
        written=written,
    )


def wanted(session: Session, what: str, who: str) -> list[ColumnElement[bool]]:
    """A deed that nobody registered counts as none; an address that nobody has finds nothing."""
    which: list[ColumnElement[bool]] = [AuditEntry.what == what] if what in WHAT else []
    if who and "\0" not in who:
        user = user_by_address(session, who)
        which.append(or_(AuditEntry.actor_id == user.id, AuditEntry.about_id == user.id) if user else false())
    return which


def written(detail: object) -> str:
    return json.dumps(detail, indent=2, sort_keys=True, ensure_ascii=False)
