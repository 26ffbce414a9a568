"""Who somebody is, by address and password."""

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.passwords import Passwords
from marketplace.accounts.queries import user_by_typed_address


def authenticate(session: Session, email: str, password: str, *, passwords: Passwords) -> User | None:
    """The person, or None for a wrong password as for an unknown address, after the same time."""
    user = user_by_typed_address(session, email)
    if not passwords.fits(user.password_hash if user else None, password) or user is None:
        return None
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hash(password)
    return user
