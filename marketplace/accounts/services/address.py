"""Moving an account to another mail address. The old one keeps working until the new one is confirmed, is told of it,
and can take the account back for three days."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_if_there
from marketplace.accounts.models import User
from marketplace.accounts.passwords import Passwords
from marketplace.accounts.services.letters import ADDRESS_ASKED, ADDRESS_MOVED, NEW_ADDRESS, tell_address
from marketplace.accounts.services.sign_ins import end_all
from marketplace.accounts.tokens import LinkVoid, Move, Undo
from marketplace.core.db import violated


def ask_for_address(session: Session, user: User, new: str, *, now: datetime) -> None:
    """Whether the new one has an account of its own shows only in the letter to it."""
    user.new_email = new
    tell_address(session, NEW_ADDRESS, user.id, to=new, old=user.email, new=new, now=now)
    if user.is_verified:  # else nobody is known to read the old one
        tell_address(session, ADDRESS_ASKED, user.id, to=user.email, old=user.email, new=new, now=now)


def forget_new_address(user: User) -> None:
    """The link that was sent there is void."""
    user.new_email = None


def waiting_for(user: User | None, move: Move) -> User:
    """The person whose account the link moves. Raises LinkVoid once it was used, or they think otherwise."""
    if user is None or (user.email, user.new_email) != (move.old, move.new):
        raise LinkVoid("This link was used before, or another address was asked for since.")
    return user


def move_address(session: Session, move: Move, *, now: datetime) -> User:
    """Raises LinkVoid, also when somebody else has confirmed the address meanwhile."""
    user = waiting_for(lock_if_there(session, move.user_id), move)
    readers = [move.old, move.new] if user.is_verified else [move.new]
    _take(session, user, move.new)
    user.verified_at = now
    for reader in readers:
        tell_address(session, ADDRESS_MOVED, user.id, to=reader, old=move.old, new=move.new, now=now)
    return user


def moved(user: User | None, undo: Undo) -> User:
    """The person whose account can be taken back. Raises LinkVoid once it has another address."""
    if user is None or user.email != undo.new:
        raise LinkVoid("This link was used before, or the account has another address by now.")
    return user


def move_back(session: Session, undo: Undo, *, passwords: Passwords) -> User:
    """Whoever moved it may be a stranger: everybody is signed out, and no password fits until a new one is chosen.
    Raises LinkVoid."""
    user = moved(lock_if_there(session, undo.user_id), undo)
    _take(session, user, undo.old)
    user.password_hash = passwords.hash(token_urlsafe())
    end_all(session, user.id)
    return user


def _take(session: Session, user: User, address: str) -> None:
    try:
        with session.begin_nested():
            user.email, user.new_email = address, None
    except IntegrityError as refused:
        if violated(refused) != "one_account_per_address":
            raise
        raise LinkVoid("This address has an account of its own by now.") from refused
