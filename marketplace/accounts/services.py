"""What happens to accounts. Nothing here tells a stranger whether an address has one: that goes to the address only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.credentials import BadAddress, clean_address
from marketplace.accounts.models import User
from marketplace.accounts.passwords import Passwords
from marketplace.accounts.queries import letter_key, letters_since, user_by_address
from marketplace.accounts.tokens import Claim, LinkVoid
from marketplace.core import mail
from marketplace.core.db import violated
from marketplace.core.errors import Conflict

VERIFY, ALREADY_HERE = "accounts:verify", "accounts:already_here"
LETTERS_AN_HOUR = 5


class AddressTaken(Conflict):
    """There is an account with that address. Only for the operator's eyes."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Someone who signs up, with an address and a password that `credentials` has cleaned. `zone` is an IANA name."""

    email: str
    password: str
    name: str
    zone: str


def sign_up(session: Session, applicant: Applicant, *, passwords: Passwords, onward: str, now: datetime) -> User | None:
    """The new account; None if the address has one, whose owner is written to instead. Both take the same time.

    The password is hashed and the row is tried in either case; of two at once the database lets one in.
    """
    user = _account(applicant, passwords, now)
    if _added(session, user):
        _write(session, VERIFY, user, onward=onward, now=now)
        return user
    owner = user_by_address(session, applicant.email)
    if owner is not None:
        _write(session, ALREADY_HERE, owner, onward=onward, now=now)
    return None


def create_operator(session: Session, applicant: Applicant, *, passwords: Passwords, now: datetime) -> User:
    """Verified at once: whoever runs the command owns the site. Raises AddressTaken."""
    user = _account(applicant, passwords, now)
    user.is_operator, user.verified_at = True, now
    if not _added(session, user):
        raise AddressTaken(f"There is an account with the address {applicant.email} already.")
    return user


def authenticate(session: Session, email: str, password: str, *, passwords: Passwords) -> User | None:
    """The person, or None for a wrong password as for an unknown address, after the same time."""
    user = _user_by_typed_address(session, email)
    if not passwords.fits(user.password_hash if user else None, password) or user is None:
        return None
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hash(password)
    return user


def send_again(session: Session, email: str, *, onward: str, now: datetime) -> None:
    """A new link to whoever waits for one, a reminder to whoever has an account, nothing to anybody else."""
    user = _user_by_typed_address(session, email)
    if user is not None:
        _write(session, ALREADY_HERE if user.is_verified else VERIFY, user, onward=onward, now=now)


def verify(session: Session, claim: Claim, *, now: datetime) -> tuple[User, bool]:
    """The person of the claim, and whether this was news. Raises LinkVoid if the account has another address by now."""
    user = session.scalar(select(User).where(User.id == claim.user_id).with_for_update(key_share=True))
    if user is None or user.email != claim.email:
        raise LinkVoid("This link belongs to another address.")
    if user.is_verified:
        return user, False
    user.verified_at = now
    return user, True


def _account(applicant: Applicant, passwords: Passwords, now: datetime) -> User:
    return User(
        email=applicant.email,
        password_hash=passwords.hash(applicant.password),
        name=applicant.name,
        zone=applicant.zone,
        calendar_changed_at=now,
        created_at=now,
    )


def _added(session: Session, user: User) -> bool:
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as refused:
        if violated(refused) != "one_account_per_address":
            raise
        return False
    return True


def _user_by_typed_address(session: Session, typed: str) -> User | None:
    try:
        return user_by_address(session, clean_address(typed))
    except BadAddress:
        return None


def _write(session: Session, fact: str, user: User, *, onward: str, now: datetime) -> None:
    """Security mail: due at once. Strangers can make us write, so one letter a minute and a few an hour are enough."""
    if letters_since(session, fact, user.id, now - timedelta(hours=1)) < LETTERS_AN_HOUR:
        mail.post(session, fact, key=letter_key(now), user_id=user.id, now=now, onward=onward)
