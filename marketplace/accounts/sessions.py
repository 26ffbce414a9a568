"""Who this browser is: beginning and ending to be signed in, and what it remembers of its own sign-up."""

import hmac
import secrets
from hashlib import sha256

from flask import g, session
from flask_login import login_user, logout_user

from marketplace.accounts.models import User
from marketplace.core.http import settings

_PROOF, _SENT_TO = "signed_up_here", "mail_sent_to"


def begin(user: User) -> None:
    """Nothing of the session before is kept: whoever may have put something into it knows nothing of this one."""
    _forget()
    login_user(user)


def end() -> None:
    logout_user()
    _forget()


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


def _proof(user: User) -> str:
    return hmac.new(f"accounts:signed-up:{settings().secret_key}".encode(), str(user.id).encode(), sha256).hexdigest()


def _forget() -> None:
    session.clear()
    session.permanent = False
    g.pop("csrf_token", None)  # Flask-WTF would go on with the old one until the end of this request
