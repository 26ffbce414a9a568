"""Signing up, in and out."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import limits, sessions
from marketplace.accounts.current import visitor
from marketplace.accounts.forms.entrance import ResendForm, SignInForm, SignUpForm
from marketplace.accounts.onward import go_on, onward
from marketplace.accounts.services.sign_in import authenticate
from marketplace.accounts.services.sign_up import sign_up
from marketplace.accounts.views.frame import bp, page, site_passwords, too_often
from marketplace.accounts.zones import viewer_zone
from marketplace.core import language
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import TooMany
from marketplace.core.http import settings


@bp.route("/sign-up", methods=["GET", "POST"], endpoint="sign_up")
def sign_up_page() -> ResponseReturnValue:
    if request.method == "GET" and visitor():
        return go_on(onward())
    site, now = settings(), utcnow()
    form = SignUpForm(with_terms=bool(site.terms_url))
    if not form.validate_on_submit():
        return page("sign_up", form=form, terms_url=site.terms_url), 422 if form.is_submitted() else 200
    applicant = form.applicant(otherwise=viewer_zone().key, locale=language.current(), terms_version=site.terms_version)
    try:
        limits.try_sign_up(now=now)
    except TooMany as refusal:
        return too_often(refusal, "sign_up", form, terms_url=site.terms_url)
    user = sign_up(db.session(), applicant, passwords=site_passwords(), onward=onward(), now=now)
    db.session.commit()
    sessions.remember_sign_up(applicant.email, user)
    return redirect(url_for("accounts.check_mail", next=onward() or None), code=303)


@bp.get("/sign-up/check-mail")
def check_mail() -> ResponseReturnValue:
    return page("check_mail", sent_to=sessions.mail_sent_to(), form=ResendForm(email=sessions.mail_sent_to()))


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and visitor():
        return go_on(onward())
    form = SignInForm()
    if not form.validate_on_submit():
        return page("sign_in", form=form), 422 if form.is_submitted() else 200
    email, now = form.email.data, utcnow()
    try:
        limits.try_password(email, now=now)
    except TooMany as refusal:
        return too_often(refusal, "sign_in", form)
    user = authenticate(db.session(), email, form.password.data, passwords=site_passwords())
    if user is None:
        form.refuse()
        return page("sign_in", form=form), 422
    limits.password_fitted(email)
    target = onward()
    if not user.may_sign_in:
        form.form_errors.append(
            _("This account is suspended. Answer one of our letters to ask why, or to have it closed.")
        )
        return page("sign_in", form=form), 403
    if user.has_second_step:
        sessions.begin_half(user)
        db.session.commit()
        return redirect(url_for("accounts.sign_in_code", next=target or None), code=303)
    sessions.begin(user, now=now)
    db.session.commit()
    return go_on(target)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    sessions.end()
    db.session.commit()
    return go_on("")
