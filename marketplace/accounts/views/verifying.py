"""The link that confirms an address, and asking for a new one."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import limits, sessions
from marketplace.accounts.current import visitor
from marketplace.accounts.forms.entrance import ResendForm
from marketplace.accounts.models import User
from marketplace.accounts.onward import go_on, onward
from marketplace.accounts.services.verify import verify
from marketplace.accounts.tokens import Claim, LinkExpired, LinkVoid, read
from marketplace.accounts.views.frame import bp, page, too_often
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import TooMany
from marketplace.core.http import settings
from marketplace.core.jobs import enqueue
from marketplace.core.language import spoken


@bp.post("/verify/again")
def resend() -> ResponseReturnValue:
    form = ResendForm()
    if not form.validate_on_submit():
        return page("check_mail", sent_to="", form=form), 422
    try:
        limits.ask_for_letter(form.email.data, now=utcnow())
    except TooMany as refusal:
        return too_often(refusal, "check_mail", form, sent_to="")
    enqueue(db.session(), "accounts:send_again", email=form.email.data, onward=onward())
    db.session.commit()
    sessions.remember_asking(form.email.data)
    flash(_("If that address waits to be confirmed, a new mail is on its way."))
    return redirect(url_for("accounts.check_mail", next=onward() or None), code=303)


@bp.get("/verify/<token>")
def verify_page(token: str) -> ResponseReturnValue:
    """Only a button: programs that open every link of a mail must not confirm anything."""
    try:
        claim = _claim(token)
    except LinkVoid as void:
        return _link_void(void)
    user = db.session.get(User, claim.user_id)
    if user is not None and user.is_verified:
        return page("verified_before", onward=claim.onward or None)
    return page("verify", email=claim.email, token=token)


@bp.post("/verify/<token>", endpoint="verify")
def verify_address(token: str) -> ResponseReturnValue:
    try:
        claim = _claim(token)
        user, news = verify(db.session(), claim, now=utcnow())
    except LinkVoid as void:
        return _link_void(void)
    db.session.commit()
    if not news:
        return page("verified_before", onward=claim.onward or None)
    return _verified(user, claim.onward)


def _claim(token: str) -> Claim:
    return read(Claim, token, secret_key=settings().secret_key)


def _link_void(void: LinkVoid) -> ResponseReturnValue:
    """With a button for a new one, to the address of the old one where we know it."""
    claim = void.proof if isinstance(void, LinkExpired) and isinstance(void.proof, Claim) else None
    person = visitor()
    email = claim.email if claim else person.email if person else sessions.mail_sent_to()
    context = {"onward": claim.onward} if claim else {}
    return page("link_void", reason=spoken(void), form=ResendForm(formdata=None, email=email), **context), 410


def _verified(user: User, target: str) -> ResponseReturnValue:
    """On to where they were going: signed in only in the browser that signed up, since links travel."""
    if visitor() != user:
        if not sessions.signed_up_here(user):
            flash(_("Your address is confirmed. Sign in to go on."))
            return redirect(url_for("accounts.sign_in", next=target or None), code=303)
        sessions.begin(user, now=utcnow(), proved=False)
        db.session.commit()
    flash(_("Your address is confirmed."))
    return go_on(target)
