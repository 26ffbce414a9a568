"""A forgotten password, a new one, and showing once more that one knows it."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts import limits, sessions
from marketplace.accounts.current import signed_in, this_sign_in
from marketplace.accounts.forms.passwords import ChangePasswordForm, ForgottenForm, NewPasswordForm, PasswordForm
from marketplace.accounts.models import User
from marketplace.accounts.onward import go_on, onward
from marketplace.accounts.services.new_password import change_password, holder, reset_password
from marketplace.accounts.tokens import LinkVoid, Reset, read
from marketplace.accounts.views.frame import bp, page, site_passwords, too_often
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import TooMany
from marketplace.core.http import settings
from marketplace.core.jobs import enqueue
from marketplace.core.language import spoken


@bp.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm(email=sessions.mail_sent_to())
    if not form.validate_on_submit():
        return page("forgotten", form=form), 422 if form.is_submitted() else 200
    try:
        limits.ask_for_letter(form.email.data, now=utcnow())
    except TooMany as refusal:
        return too_often(refusal, "forgotten", form)
    enqueue(db.session(), "accounts:send_reset", email=form.email.data)
    db.session.commit()
    sessions.remember_asking(form.email.data)
    return redirect(url_for("accounts.forgotten_sent"), code=303)


@bp.get("/forgotten/sent")
def forgotten_sent() -> ResponseReturnValue:
    return page("forgotten_sent", sent_to=sessions.mail_sent_to())


@bp.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """Signs nobody in: whoever has chosen the password can, with the second step where there is one."""
    key = settings().secret_key
    try:
        proof = read(Reset, token, secret_key=key)
        user = holder(db.session.get(User, proof.user_id), proof, secret_key=key)
        form = NewPasswordForm(user.email)
        if not form.validate_on_submit():
            return page("reset", form=form, token=token, user=user), 422 if form.is_submitted() else 200
        chosen = form.password.data
        reset_password(db.session(), proof, chosen, passwords=site_passwords(), secret_key=key, now=utcnow())
    except LinkVoid as void:
        return page("reset_void", reason=spoken(void), form=ForgottenForm(formdata=None)), 410
    db.session.commit()
    limits.forget_passwords_tried(user.email)
    flash(_("Your new password is kept, and every browser is signed out. Sign in with it."))
    return redirect(url_for("accounts.sign_in"), code=303)


@bp.route("/account/password", methods=["GET", "POST"], endpoint="change_password")
@login_required
def change_password_page() -> ResponseReturnValue:
    user, now = signed_in(), utcnow()
    form = ChangePasswordForm(user.email)
    if not form.validate_on_submit():
        return page("change_password", form=form), 422 if form.is_submitted() else 200
    try:
        knows = _knows_password(user, form)
    except TooMany as refusal:
        return too_often(refusal, "change_password", form)
    if not knows:
        return page("change_password", form=form), 422
    chosen, here = form.password.data, this_sign_in()
    change_password(db.session(), user, chosen, here=here, passwords=site_passwords(), now=now)
    db.session.commit()
    flash(_("Your new password is kept. Every other browser is signed out."))
    return redirect(url_for("accounts.account"), code=303)


@bp.route("/account/confirm", methods=["GET", "POST"])
@login_required
def confirm_password() -> ResponseReturnValue:
    """On the way to something dangerous: see `fresh_sign_in`."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return page("confirm_password", form=form), 422 if form.is_submitted() else 200
    try:
        knows = _knows_password(signed_in(), form)
    except TooMany as refusal:
        return too_often(refusal, "confirm_password", form)
    if not knows:
        return page("confirm_password", form=form), 422
    this_sign_in().proved_at = utcnow()
    db.session.commit()
    return go_on(onward() or url_for("accounts.account"))


def _knows_password(user: User, form: PasswordForm | ChangePasswordForm) -> bool:
    """Counted as if they signed in. Raises TooMany."""
    limits.try_password(user.email, now=utcnow())
    if not site_passwords().fits(user.password_hash, form.current.data):
        form.refuse()
        return False
    limits.password_fitted(user.email)
    return True
