"""Another mail address for an account."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts import limits
from marketplace.accounts.current import signed_in
from marketplace.accounts.forms.account import NewAddressForm
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.models import User
from marketplace.accounts.services import address
from marketplace.accounts.services.new_password import state_of
from marketplace.accounts.tokens import Kind, LinkVoid, Move, Reset, Undo, make, read
from marketplace.accounts.views.frame import bp, page, site_passwords, too_often
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import TooMany
from marketplace.core.http import settings
from marketplace.core.language import spoken


@bp.route("/account/address", methods=["GET", "POST"])
@fresh_sign_in
def change_address() -> ResponseReturnValue:
    user, now = signed_in(), utcnow()
    form = NewAddressForm(user.email)
    if not form.validate_on_submit():
        return page("change_address", form=form, user=user), 422 if form.is_submitted() else 200
    try:
        limits.ask_for_letter(form.email.data, now=now)
    except TooMany as refusal:
        return too_often(refusal, "change_address", form, user=user)
    address.ask_for_address(db.session(), user, form.email.data, now=now)
    db.session.commit()
    return redirect(url_for("accounts.account", _anchor="address"), code=303)


@bp.post("/account/address/forget")
@login_required
def forget_new_address() -> ResponseReturnValue:
    address.forget_new_address(signed_in())
    db.session.commit()
    flash(_("Your address stays as it is."))
    return redirect(url_for("accounts.account"), code=303)


@bp.get("/address/<token>")
def move_address(token: str) -> ResponseReturnValue:
    """Only a button: programs that open every link of a mail must not move anything."""
    try:
        move = _read(Move, token)
        address.waiting_for(db.session.get(User, move.user_id), move)
    except LinkVoid as void:
        return _void(void)
    return page("move_address", move=move, token=token)


@bp.post("/address/<token>")
def confirm_address(token: str) -> ResponseReturnValue:
    try:
        user = address.move_address(db.session(), _read(Move, token), now=utcnow())
    except LinkVoid as void:
        return _void(void)
    db.session.commit()
    flash(_("Your account has the address %(address)s now. Sign in with it from now on.", address=user.email))
    return redirect(url_for("accounts.account"), code=303)


@bp.get("/address/back/<token>")
def move_back(token: str) -> ResponseReturnValue:
    try:
        undo = _read(Undo, token)
        address.moved(db.session.get(User, undo.user_id), undo)
    except LinkVoid as void:
        return _void(void)
    return page("move_back", undo=undo, token=token)


@bp.post("/address/back/<token>")
def take_back(token: str) -> ResponseReturnValue:
    """On to a new password: the one that there is may be a stranger's."""
    try:
        user = address.move_back(db.session(), _read(Undo, token), passwords=site_passwords())
    except LinkVoid as void:
        return _void(void)
    db.session.commit()
    key = settings().secret_key
    flash(_("Your account has its address again, and everybody is signed out. Choose a new password."))
    reset = make(Reset(user.id, state_of(user, secret_key=key)), secret_key=key)
    return redirect(url_for("accounts.reset", token=reset), code=303)


def _read(kind: type[Kind], token: str) -> Kind:
    return read(kind, token, secret_key=settings().secret_key)


def _void(void: LinkVoid) -> ResponseReturnValue:
    db.session.rollback()
    return page("address_void", reason=spoken(void)), 410
