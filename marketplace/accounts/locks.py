"""The lock that whoever decides about a person takes first (docs/locking.md)."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User

_AGAIN = {"populate_existing": True}


def lock_person(session: Session, user_id: int) -> User:
    """`FOR NO KEY UPDATE`, and read again whatever the session remembered. Raises NoResultFound."""
    return session.execute(_locking(user_id), execution_options=_AGAIN).scalar_one()


def lock_if_there(session: Session, user_id: int) -> User | None:
    """The same for an id that came from outside."""
    return session.scalar(_locking(user_id), execution_options=_AGAIN)


def _locking(user_id: int) -> Select[User]:
    return select(User).where(User.id == user_id).with_for_update(key_share=True)
