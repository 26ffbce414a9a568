"""Who is signed in. The only user of flask_login's `current_user`."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from marketplace.accounts.models import User
from marketplace.accounts.onward import page_of_this_request
from marketplace.core.db import db
from marketplace.core.errors import NotAllowed

login_manager = LoginManager()
login_manager.session_protection = "basic"


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    return db.session.get(User, int(user_id))


@login_manager.unauthorized_handler
def to_sign_in() -> ResponseReturnValue:
    flash("Sign in to go on.")
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


def verified() -> User:
    """The signed-in person, if their address is confirmed. Raises NotAllowed with what to do about it."""
    user = signed_in()
    if not user.is_verified:
        raise NotAllowed(
            f"Confirm your address first: open the link in the mail that we sent to {user.email}. "
            "Your account page can send it again."
        )
    return user
