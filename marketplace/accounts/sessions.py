"""Who this browser is: beginning and ending to be signed in, and what it remembers of its own sign-up."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from flask import g, request, session
from flask_login import login_user, logout_user

from marketplace.accounts.agents import agent_of
from marketplace.accounts.models import User
from marketplace.accounts.services import sign_ins
from marketplace.accounts.services.new_password import state_of
from marketplace.accounts.tokens import Half, LinkVoid, make, read
from marketplace.core.db import db
from marketplace.core.http import settings

_TOKEN, _HALF, _PROOF, _SENT_TO = "sign_in", "half_signed_in", "signed_up_here", "mail_sent_to"


def begin(user: User, *, now: datetime, proved: bool = True) -> None:
    """`proved` says whether they have just given their password. The caller commits.

    Nothing of the session before is kept: whoever may have put something into it knows nothing
    of this one."""
    _end_sign_in()
    _forget()
    token = secrets.token_urlsafe()
    agent = agent_of(request.user_agent.string)
    g.sign_in = sign_ins.add(db.session(), user.id, token=token, agent=agent, proved=proved, now=now)
    login_user(user)
    session[_TOKEN] = token


def begin_half(user: User) -> None:
    """They have given their password, and their second step comes next. The caller commits."""
    _end_sign_in()
    logout_user()
    _forget()
    key = settings().secret_key
    session[_HALF] = make(Half(user.id, state_of(user, secret_key=key)), secret_key=key)


def half_signed_in() -> User | None:
    """Who has given their password in this browser within ten minutes, and may go on to the second step."""
    key = settings().secret_key
    try:
        half = read(Half, str(session.get(_HALF, "")), secret_key=key)
    except LinkVoid:
        return None
    user = db.session.get(User, half.user_id)
    if user is None or not user.has_second_step or not user.may_sign_in:
        return None
    return user if hmac.compare_digest(state_of(user, secret_key=key), half.state) else None


def end() -> None:
    """The caller commits."""
    _end_sign_in()
    logout_user()
    _forget()


def token() -> str:
    """Which sign-in this browser says that it has, or empty."""
    return str(session.get(_TOKEN, ""))


def remember_sign_up(email: str, user: User | None) -> None:
    """The browser can read its cookie, so one whose address was taken (None) gets a proof that looks the same."""
    session[_PROOF] = _proof(user) if user else secrets.token_hex(sha256().digest_size)
    session[_SENT_TO] = email


def remember_asking(email: str) -> None:
    session[_SENT_TO] = email


def signed_up_here(user: User) -> bool:
    return hmac.compare_digest(str(session.get(_PROOF, "")).encode(), _proof(user).encode())


def mail_sent_to() -> str:
    """The address that was last typed here, or empty."""
    return str(session.get(_SENT_TO, ""))


def _end_sign_in() -> None:
    if known := token():
        sign_ins.end_by_token(db.session(), known)


def _proof(user: User) -> str:
    return hmac.new(f"accounts:signed-up:{settings().secret_key}".encode(), str(user.id).encode(), sha256).hexdigest()


def _forget() -> None:
    session.clear()
    session.permanent = False
    g.pop("csrf_token", None)  # Flask-WTF would go on with the old one until the end of this request
