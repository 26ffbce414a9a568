"""Reads of accounts."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.mail import MailRow


def user_by_address(session: Session, address: str) -> User | None:
    """Whatever the case of its letters, as the index `one_account_per_address` compares them."""
    return session.scalar(select(User).where(func.lower(User.email) == func.lower(address)))


def letters_since(session: Session, fact: str, user_id: int, since: datetime) -> int:
    mine = (MailRow.fact == fact, MailRow.user_id == user_id, MailRow.key >= letter_key(since))
    return session.scalar(select(func.count()).select_from(MailRow).where(*mine)) or 0


def letter_key(at: datetime) -> str:
    """Letters of one fact to one person in one minute are one letter."""
    return f"{at - timedelta(seconds=at.second):%Y-%m-%dT%H:%M}"
