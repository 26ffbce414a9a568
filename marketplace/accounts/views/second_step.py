"""The second step: setting it up, passing it on the way in, and giving it up."""

from base64 import b64decode, b64encode

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import limits, sessions
from marketplace.accounts.current import signed_in, verified
from marketplace.accounts.forms.entrance import CodeForm
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.models import User
from marketplace.accounts.onward import go_on, onward
from marketplace.accounts.queries import recovery_codes_left
from marketplace.accounts.second_steps import (
    address_of,
    can_be_guessed,
    new_salt,
    picture_of,
    plain,
    secret_of,
    step_of,
)
from marketplace.accounts.services.letters import News, tell
from marketplace.accounts.services.second_step import passes, renew_codes, turn_off, turn_on
from marketplace.accounts.views.frame import bp, page, too_often
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import TooMany
from marketplace.core.http import settings

_SALT = "second_step_salt"


@bp.route("/sign-in/code", methods=["GET", "POST"])
def sign_in_code() -> ResponseReturnValue:
    """For who has given a password, and is not signed in yet."""
    user, now, form = sessions.half_signed_in(), utcnow(), CodeForm()
    if user is None:
        return redirect(url_for("accounts.sign_in", next=onward() or None), code=303)
    if not form.validate_on_submit():
        return page("sign_in_code", form=form), 422 if form.is_submitted() else 200
    guess = can_be_guessed(form.code.data)
    try:
        if guess:  # recovery codes pass even when a stranger has used up the tries
            limits.try_code(user.id, now=now)
    except TooMany as refusal:
        tell(db.session(), News.CODES_GUESSED, user, now=now, once_a_day=True)
        db.session.commit()
        return too_often(refusal, "sign_in_code", form)
    if not passes(db.session(), user, form.code.data, secret_key=settings().secret_key, now=now):
        form.refuse()
        return page("sign_in_code", form=form), 422
    target = onward()
    sessions.begin(user, now=now)
    db.session.commit()
    if guess:
        limits.code_fitted(user.id)
    return go_on(target)


@bp.get("/account/second-step")
@fresh_sign_in
def second_step() -> ResponseReturnValue:
    user = signed_in()
    if not user.has_second_step:
        return redirect(url_for("accounts.set_up_second_step", next=onward() or None), code=303)
    return page("second_step", left=recovery_codes_left(db.session(), user.id))


@bp.route("/account/second-step/set-up", methods=["GET", "POST"])
@fresh_sign_in
def set_up_second_step() -> ResponseReturnValue:
    """On once the app has shown that it makes the right codes."""
    user, now, form = verified(), utcnow(), CodeForm()
    if user.has_second_step:
        return redirect(url_for("accounts.second_step"), code=303)
    salt = _salt_in_session()
    secret = secret_of(settings().secret_key, user.id, salt)
    if not form.validate_on_submit():
        return _set_up_page(user, secret, form), 422 if form.is_submitted() else 200
    step = step_of(plain(form.code.data), secret, now=now)
    if step is None:
        form.refuse()
        return _set_up_page(user, secret, form), 422
    codes = turn_on(db.session(), user.id, salt=salt, step=step, now=now)
    db.session.commit()
    session.pop(_SALT)
    return page("recovery_codes", codes=codes, is_new=True)


@bp.post("/account/second-step/codes")
@fresh_sign_in
def renew_recovery_codes() -> ResponseReturnValue:
    codes = renew_codes(db.session(), signed_in().id)
    db.session.commit()
    return page("recovery_codes", codes=codes, is_new=False) if codes else redirect(url_for("accounts.account"), 303)


@bp.post("/account/second-step/off")
@fresh_sign_in
def turn_off_second_step() -> ResponseReturnValue:
    turn_off(db.session(), signed_in().id, now=utcnow())
    db.session.commit()
    flash(_("Your second step is off. Your password alone signs you in."))
    return redirect(url_for("accounts.account"), code=303)


def _salt_in_session() -> bytes:
    """The same until it is used, so that the app and a page loaded twice agree; worth nothing without our key."""
    session.setdefault(_SALT, b64encode(new_salt()).decode())
    return b64decode(session[_SALT])


def _set_up_page(user: User, secret: str, form: CodeForm) -> str:
    address = address_of(secret, account=user.email, site=settings().site_name)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page("second_step_set_up", form=form, picture=picture_of(address), secret=grouped)
