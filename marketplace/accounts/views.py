"""The pages about accounts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts import mails, sessions, tasks  # noqa: F401  # mails and tasks register what they do
from marketplace.accounts.current import signed_in, visitor
from marketplace.accounts.forms import AccountForm, ResendForm, SignInForm, SignUpForm
from marketplace.accounts.models import User
from marketplace.accounts.onward import go_on, onward, without_zone
from marketplace.accounts.passwords import Passwords, passwords
from marketplace.accounts.services import authenticate, sign_up, verify
from marketplace.accounts.tokens import Claim, LinkExpired, LinkVoid, read
from marketplace.accounts.zones import COOKIE, known_zone, viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import RuleBroken
from marketplace.core.http import settings
from marketplace.core.jobs import enqueue

bp = Blueprint("accounts", __name__)
YEAR_SECONDS = 365 * 24 * 60 * 60


@bp.route("/sign-up", methods=["GET", "POST"], endpoint="sign_up")
def sign_up_page() -> ResponseReturnValue:
    if request.method == "GET" and visitor():
        return go_on(onward())
    form = SignUpForm()
    if not form.validate_on_submit():
        return _page("sign_up", form=form), 422 if form.is_submitted() else 200
    applicant = form.applicant(otherwise=viewer_zone().key)
    user = sign_up(db.session(), applicant, passwords=_passwords(), onward=onward(), now=utcnow())
    db.session.commit()
    sessions.remember_sign_up(applicant.email, user)
    return redirect(url_for("accounts.check_mail", next=onward() or None), code=303)


@bp.get("/sign-up/check-mail")
def check_mail() -> ResponseReturnValue:
    return _page("check_mail", sent_to=sessions.mail_sent_to(), form=ResendForm(email=sessions.mail_sent_to()))


@bp.post("/verify/again")
def resend() -> ResponseReturnValue:
    form = ResendForm()
    if not form.validate_on_submit():
        return _page("check_mail", sent_to="", form=form), 422
    enqueue(db.session(), "accounts:send_again", email=form.email.data, onward=onward())
    db.session.commit()
    sessions.remember_asking(form.email.data)
    flash("If that address waits to be confirmed, a new mail is on its way.")
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
        return _page("verified_before", onward=claim.onward or None)
    return _page("verify", email=claim.email, token=token)


@bp.post("/verify/<token>", endpoint="verify")
def verify_address(token: str) -> ResponseReturnValue:
    try:
        claim = _claim(token)
        user, news = verify(db.session(), claim, now=utcnow())
    except LinkVoid as void:
        return _link_void(void)
    db.session.commit()
    if not news:
        return _page("verified_before", onward=claim.onward or None)
    return _verified(user, claim.onward)


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and visitor():
        return go_on(onward())
    form = SignInForm()
    if not form.validate_on_submit():
        return _page("sign_in", form=form), 422 if form.is_submitted() else 200
    user = authenticate(db.session(), form.email.data, form.password.data, passwords=_passwords())
    db.session.commit()
    if user is None:
        form.refuse()
        return _page("sign_in", form=form), 422
    target = onward()
    sessions.begin(user)
    return go_on(target)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    sessions.end()
    return go_on("")


@bp.route("/account", methods=["GET", "POST"])
@login_required
def account() -> ResponseReturnValue:
    user = signed_in()
    form = AccountForm(obj=user)
    form.offer_zones(user)
    if not form.validate_on_submit():
        return _page("account", form=form, user=user), 422 if form.is_submitted() else 200
    if user.name != form.name.data:
        enqueue(db.session(), "booking:show_changes", user_id=user.id)
    user.name, user.zone = form.name.data, form.zone.data
    db.session.commit()
    flash("Saved.")
    return redirect(url_for("accounts.account"), code=303)


@bp.post("/zone")
def zone() -> ResponseReturnValue:
    chosen = known_zone(request.form.get("zone", "").strip())
    if chosen is None:
        raise RuleBroken("That is not a time zone we know. Choose one such as Europe/Stockholm.")
    answer = redirect(without_zone(onward()) or "/", code=303)
    if user := visitor():
        user.zone = chosen
        db.session.commit()
        return answer
    # Not for scripts: what the visitor chose must not be overwritten with what the browser thinks.
    secure = settings().public_url.startswith("https://")
    answer.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure)
    return answer


def _page(name: str, **context: object) -> str:
    return render_template(f"accounts/{name}.html", **{"onward": onward() or None, **context})


def _passwords() -> Passwords:
    return passwords(settings().environment)


def _claim(token: str) -> Claim:
    return read(token, secret_key=settings().secret_key)


def _link_void(void: LinkVoid) -> ResponseReturnValue:
    """With a button for a new one, to the address of the old one where we know it."""
    claim = void.claim if isinstance(void, LinkExpired) else None
    person = visitor()
    email = claim.email if claim else person.email if person else sessions.mail_sent_to()
    context = {"onward": claim.onward} if claim else {}
    return _page("link_void", reason=str(void), form=ResendForm(formdata=None, email=email), **context), 410


def _verified(user: User, target: str) -> ResponseReturnValue:
    """On to where they were going: signed in only in the browser that signed up, since links travel."""
    if visitor() != user:
        if not sessions.signed_up_here(user):
            flash("Your address is confirmed. Sign in to go on.")
            return redirect(url_for("accounts.sign_in", next=target or None), code=303)
        sessions.begin(user)
    flash("Your address is confirmed.")
    return go_on(target)
