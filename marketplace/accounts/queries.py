"""Reads of accounts."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.credentials import BadAddress, clean_address
from marketplace.accounts.models import RecoveryCode, SignIn, User
from marketplace.core.mail import MailRow

IDLE = timedelta(days=30)
"""A sign-in that was not used for so long is over."""
SIGN_INS_SHOWN = 50


def user_by_address(session: Session, address: str) -> User | None:
    """Whatever the case of its letters, as the index `one_account_per_address` compares them."""
    return session.scalar(select(User).where(func.lower(User.email) == func.lower(address)))


def user_by_typed_address(session: Session, typed: str) -> User | None:
    """None also for what is no address."""
    try:
        return user_by_address(session, clean_address(typed))
    except BadAddress:
        return None


def alive(session: Session, user_id: int, token_sha256: bytes, now: datetime) -> tuple[User, SignIn] | None:
    """The person and their sign-in, in one read; None once it has ended."""
    row = session.execute(
        select(User, SignIn)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_sha256 == token_sha256, SignIn.user_id == user_id, SignIn.last_seen_at > now - IDLE)
        .where(User.suspended_at.is_(None), User.closed_at.is_(None))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def sign_ins_of(session: Session, user_id: int, now: datetime) -> list[SignIn]:
    """The last used first, at most `SIGN_INS_SHOWN`."""
    theirs = (SignIn.user_id == user_id) & (SignIn.last_seen_at > now - IDLE)
    statement = select(SignIn).where(theirs).order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    return list(session.scalars(statement.limit(SIGN_INS_SHOWN)))


def recovery_codes_left(session: Session, user_id: int) -> int:
    unused = (RecoveryCode.user_id == user_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(unused)) or 0


def letters_since(session: Session, fact: str, user_id: int, since: datetime) -> int:
    mine = (MailRow.fact == fact, MailRow.user_id == user_id, MailRow.key >= letter_key(since))
    return session.scalar(select(func.count()).select_from(MailRow).where(*mine)) or 0


def letter_key(at: datetime) -> str:
    """Letters of one fact to one person in one minute are one letter."""
    return f"{at - timedelta(seconds=at.second):%Y-%m-%dT%H:%M}"
