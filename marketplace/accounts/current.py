"""Who is signed in. The only user of flask_login's `current_user`."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user

from marketplace.accounts import queries, sessions
from marketplace.accounts.models import SignIn, User
from marketplace.accounts.onward import page_of_this_request
from marketplace.accounts.services.sign_ins import SEEN_EVERY, fingerprint, see
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotAllowed

login_manager = LoginManager()
login_manager.session_protection = "basic"


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """If the sign-in that this browser speaks of has not been ended, here or elsewhere."""
    token, now = sessions.token(), utcnow()
    found = queries.alive(db.session(), int(user_id), fingerprint(token), now) if token else None
    if found is None:
        return None
    user, g.sign_in = found
    if now - g.sign_in.last_seen_at >= SEEN_EVERY:
        with db.engine.begin() as connection:  # of its own: most requests only read, and end in a rollback
            see(connection, g.sign_in.id, now=now)
    return user


@login_manager.unauthorized_handler
def to_sign_in() -> ResponseReturnValue:
    flash(_("Sign in to go on."))
    return redirect(url_for("accounts.sign_in", next=page_of_this_request() or None))


def visitor() -> User | None:
    """The signed-in person, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def signed_in() -> User:
    """The signed-in person. Raises NotAllowed for a visitor: routes that use it stand behind login_required."""
    user = visitor()
    if user is None:
        raise NotAllowed("Sign in to go on.")
    return user


def this_sign_in() -> SignIn:
    """The one of this request. Raises NotAllowed for a visitor."""
    signed_in()
    sign_in: SignIn = g.sign_in
    return sign_in


def verified() -> User:
    """The signed-in person, if their address is confirmed. Raises NotAllowed with what to do about it."""
    user = signed_in()
    if not user.is_verified:
        raise NotAllowed(
            "Confirm your address first: open the link in the mail that we sent to %(email)s. "
            "Your account page can send it again.",
            email=user.email,
        )
    return user
