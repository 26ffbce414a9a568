"""The site's fee: what it is, what it was, what it will be; for everybody, and for single mentors."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.current import signed_in
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.money import Money, decimals
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import applicant_by_slug
from marketplace.operator.forms.fees import FeeForm, as_typed, fee_form
from marketplace.operator.queries.fees import mentors_with_own_fee
from marketplace.operator.views.frame import bp
from payments.domain.fees import FOURTH, TENTH, FeeRule, Lines, price_lines
from payments.queries.fees import fee_rule_of, fee_rules, versions
from payments.services.change_fee import Decision, change_fee

EXAMPLES = (25, 80, 200)
IN_WHOLE_UNITS = 100
"""Where a currency has no smaller unit, prices are about this many times as high."""


@dataclass(frozen=True, slots=True)
class Example:
    """A price, and what it comes to in a pair's first, fourth and tenth session."""

    price: Money
    lines: list[Lines]


@bp.get("/fees")
@fresh_sign_in
def fees() -> ResponseReturnValue:
    return _page(None, _form(None))


@bp.post("/fees")
@fresh_sign_in
def change_fees() -> ResponseReturnValue:
    return _sent(None)


@bp.get("/mentors/<slug>/fee")
@fresh_sign_in
def mentor_fee(slug: str) -> ResponseReturnValue:
    mentor = applicant_by_slug(db.session(), slug)
    return _page(mentor, _form(mentor))


@bp.post("/mentors/<slug>/fee")
@fresh_sign_in
def change_mentor_fee(slug: str) -> ResponseReturnValue:
    return _sent(applicant_by_slug(db.session(), slug))


def _sent(mentor: Mentor | None) -> ResponseReturnValue:
    """Kept, or shown again with the sums: nothing is changed before somebody has pressed `keep` or `end`."""
    form, act = _form(mentor), request.form.get("act")
    form.validate()
    if act not in {"keep", "end"}:
        form.only_about(*form.about_sums)
        return _page(mentor, form, status=422 if form.errors else 200)
    ends = act == "end" and mentor is not None
    if ends:
        form.only_about(form.first_day, form.reason)
    if form.errors:
        return _page(mentor, form, status=422)
    decision = Decision(
        rule=None if ends else form.rule,
        starts_at=form.starts_at,
        reason=form.reason.data or "",
        operator_id=signed_in().id,
    )
    change_fee(db.session(), mentor, decision, now=form.now)
    db.session.commit()
    flash(_("It is decided. What is sold already keeps its fee."), "success")
    return redirect(_address(mentor), code=303)


def _form(mentor: Mentor | None) -> FeeForm:
    return fee_form(settings().currencies)(zone=viewer_zone(), now=utcnow(), data=as_typed(_rule(mentor)))


def _rule(mentor: Mentor | None) -> FeeRule:
    """The one that holds now."""
    if mentor is None:
        return fee_rules(db.session(), settings(), utcnow()).site
    return fee_rule_of(db.session(), mentor.id, settings(), utcnow())


def _page(mentor: Mentor | None, form: FeeForm, status: int = 200) -> ResponseReturnValue:
    typed = form.is_submitted() and not any(field.errors for field in form.about_sums)
    rule = _rule(mentor)
    page = render_template(
        "operator/fees.html",
        mentor=mentor,
        form=form,
        rule=rule,
        unsaid=rule.says_nothing_in(form.currencies),
        decided=versions(db.session(), mentor.id if mentor else None),
        own=mentors_with_own_fee(db.session(), form.now) if mentor is None else [],
        examples=[each for code in form.currencies for each in _examples(form.rule if typed else rule, code)],
        here=_address(mentor),
        now=form.now,
        zone=viewer_zone(),
    )
    return page, status


def _examples(rule: FeeRule, currency: str) -> list[Example]:
    scale = 10 ** decimals(currency) if decimals(currency) else IN_WHOLE_UNITS
    prices = [Money(each * scale, currency) for each in EXAMPLES]
    nths = (1, FOURTH, TENTH)
    return [Example(price, [price_lines(price, rule.fee_for(nth)) for nth in nths]) for price in prices]


def _address(mentor: Mentor | None) -> str:
    return url_for("operator.mentor_fee", slug=mentor.slug) if mentor else url_for("operator.fees")
