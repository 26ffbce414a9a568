"""That an address belongs to whoever signed up with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_if_there
from marketplace.accounts.models import User
from marketplace.accounts.queries import user_by_typed_address
from marketplace.accounts.services.letters import ALREADY_HERE, VERIFY, write
from marketplace.accounts.tokens import Claim, LinkVoid


def send_again(session: Session, email: str, *, onward: str, now: datetime) -> None:
    """A new link to whoever waits for one, a reminder to whoever has an account, nothing to anybody else."""
    user = user_by_typed_address(session, email)
    if user is not None:
        write(session, ALREADY_HERE if user.is_verified else VERIFY, user, onward=onward, now=now)


def verify(session: Session, claim: Claim, *, now: datetime) -> tuple[User, bool]:
    """The person of the claim, and whether this was news. Raises LinkVoid if the account has another address by now."""
    user = lock_if_there(session, claim.user_id)
    if user is None or user.email != claim.email:
        raise LinkVoid("This link belongs to another address.")
    if user.is_verified:
        return user, False
    user.verified_at = now
    return user, True
