"""A new password: by a link in mail, or by the old one. Either ends all other sign-ins, forgets an address that was
asked for and not confirmed, and tells the account's own."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_if_there
from marketplace.accounts.models import SignIn, User
from marketplace.accounts.passwords import Passwords
from marketplace.accounts.queries import user_by_typed_address
from marketplace.accounts.services.letters import RESET, News, tell, write
from marketplace.accounts.services.sign_ins import end_all
from marketplace.accounts.tokens import LinkVoid, Reset


def ask_for_reset(session: Session, email: str, *, now: datetime) -> None:
    """A link to whoever has an account, confirmed or not; nothing to anybody else."""
    user = user_by_typed_address(session, email)
    if user is not None:
        write(session, RESET, user, onward="", now=now)


def state_of(user: User, *, secret_key: str) -> str:
    """What a link for a new password is good for: it changes with the password and with the address."""
    key = f"office hours: new password: {secret_key}".encode()
    return hmac.new(key, f"{user.id}\0{user.email}\0{user.password_hash}".encode(), sha256).hexdigest()[:32]


def holder(user: User | None, proof: Reset, *, secret_key: str) -> User:
    """The person whom the link is for. Raises LinkVoid once it was used, or the password or the address changed."""
    if user is None or not hmac.compare_digest(state_of(user, secret_key=secret_key), proof.state):
        raise LinkVoid("This link was used before, or the password has been changed since.")
    return user


def reset_password(
    session: Session, proof: Reset, password: str, *, passwords: Passwords, secret_key: str, now: datetime
) -> User:
    """Whoever reads the mail of an address owns its account: this confirms it, too, and signs everybody else out who
    may have signed up with it. Raises LinkVoid."""
    user = holder(lock_if_there(session, proof.user_id), proof, secret_key=secret_key)
    user.password_hash, user.new_email = passwords.hash(password), None
    user.verified_at = user.verified_at or now
    end_all(session, user.id)
    tell(session, News.PASSWORD_RESET, user, now=now)
    return user


def change_password(
    session: Session, user: User, password: str, *, here: SignIn, passwords: Passwords, now: datetime
) -> None:
    """The caller has asked for the old one."""
    user.password_hash, user.new_email = passwords.hash(password), None
    end_all(session, user.id, but=here)
    tell(session, News.PASSWORD_CHANGED, user, now=now)
