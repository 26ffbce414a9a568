"""Disputes: the operator reads what the site knows, adds words, reads all of it once more, and sends it to the bank."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.current import signed_in
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.core.paging import page_number
from marketplace.operator.forms.evidence import EvidenceForm
from marketplace.operator.queries.disputes import dispute_case, dispute_lines
from marketplace.operator.views.frame import PER_PAGE, bp
from payments.evidence import print_of
from payments.services.evidence import FactsChanged, NotToBeAnswered, is_to_be_answered, want_evidence
from payments.words.disputes import FIELDS


@bp.get("/disputes")
def disputes() -> ResponseReturnValue:
    page, decided = page_number(), request.args.get("state") == "decided"
    lines = dispute_lines(db.session(), decided=decided, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    return render_template(
        "operator/disputes.html",
        lines=lines[:PER_PAGE],
        decided=decided,
        page=page,
        has_more=len(lines) > PER_PAGE,
        zone=viewer_zone(),
    )


@bp.get("/disputes/<dispute_id>")
@fresh_sign_in
def dispute(dispute_id: str) -> ResponseReturnValue:
    return _page(dispute_id, EvidenceForm(formdata=None))


@bp.post("/disputes/<dispute_id>/preview")
@fresh_sign_in
def preview_evidence(dispute_id: str) -> ResponseReturnValue:
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _page(dispute_id, form, status=422)
    return _page(dispute_id, form, is_preview=True)


@bp.post("/disputes/<dispute_id>/send")
@fresh_sign_in
def send_evidence(dispute_id: str) -> ResponseReturnValue:
    """Once, however often and by whomever it is pressed; only what was read goes out."""
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _page(dispute_id, form, status=422)
    case = dispute_case(db.session(), dispute_id, form.words.data or "", settings())
    try:
        want_evidence(
            db.session(),
            case.dispute,
            words=form.words.data or "",
            read=form.read.data or "",
            operator_id=signed_in().id,
            now=utcnow(),
            settings=settings(),
        )
    except (NotToBeAnswered, FactsChanged) as refusal:
        db.session.rollback()
        form.form_errors.append(spoken(refusal))
        return _page(dispute_id, form, is_preview=isinstance(refusal, FactsChanged), status=status_of(refusal))
    db.session.commit()
    flash(_("It is on its way to the bank."), "success")
    return redirect(url_for("operator.dispute", dispute_id=dispute_id), code=303)


def _page(dispute_id: str, form: EvidenceForm, *, is_preview: bool = False, status: int = 200) -> ResponseReturnValue:
    """As it stands now; without a form once it cannot be answered."""
    case = dispute_case(db.session(), dispute_id, form.words.data or "", settings())
    form.read.data, form.read.raw_data = print_of(case.evidence), None
    page = render_template(
        "operator/dispute.html",
        case=case,
        dispute=case.dispute,
        form=form,
        fields=FIELDS,
        is_open=is_to_be_answered(case.dispute, utcnow()),
        is_preview=is_preview and is_to_be_answered(case.dispute, utcnow()),
    )
    return page, status
