"""New accounts: by signing up, and by the command of whoever runs the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.passwords import Passwords
from marketplace.accounts.queries import user_by_address
from marketplace.accounts.services.letters import ALREADY_HERE, VERIFY, write
from marketplace.core.db import violated
from marketplace.core.errors import Conflict


class AddressTaken(Conflict):
    """There is an account with that address. Only for the operator's eyes."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Someone who signs up, with an address and a password that `credentials` has cleaned. `zone` is an IANA name;
    `terms_version` is what they have accepted, empty where a site has no terms."""

    email: str
    password: str
    name: str
    zone: str
    locale: str = "en"
    terms_version: str = ""


def sign_up(session: Session, applicant: Applicant, *, passwords: Passwords, onward: str, now: datetime) -> User | None:
    """The new account; None if the address has one, whose owner is written to instead. Both take the same time.

    The password is hashed and the row is tried in either case; of two at once the database lets one in.
    """
    user = _account(applicant, passwords, now)
    if _added(session, user):
        write(session, VERIFY, user, onward=onward, now=now)
        return user
    owner = user_by_address(session, applicant.email)
    if owner is not None:
        write(session, ALREADY_HERE, owner, onward=onward, now=now)
    return None


def create_operator(session: Session, applicant: Applicant, *, passwords: Passwords, now: datetime) -> User:
    """Verified at once: whoever runs the command owns the site. Raises AddressTaken."""
    user = _account(applicant, passwords, now)
    user.is_operator, user.verified_at = True, now
    if not _added(session, user):
        raise AddressTaken("There is an account with the address %(email)s already.", email=applicant.email)
    return user


def _account(applicant: Applicant, passwords: Passwords, now: datetime) -> User:
    return User(
        email=applicant.email,
        password_hash=passwords.hash(applicant.password),
        name=applicant.name,
        zone=applicant.zone,
        locale=applicant.locale,
        terms_version=applicant.terms_version or None,
        terms_accepted_at=now if applicant.terms_version else None,
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
