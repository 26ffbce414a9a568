"""Where people are signed in: a row for each browser, which is gone when that ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, update
from sqlalchemy.orm import Session

from marketplace.accounts.agents import Agent
from marketplace.accounts.models import SignIn
from marketplace.accounts.queries import IDLE
from marketplace.core.errors import NotFound
from marketplace.core.ids import public_id

SEEN_EVERY = timedelta(minutes=5)


def fingerprint(token: str) -> bytes:
    """What the row holds, and is found by."""
    return sha256(token.encode()).digest()


def add(session: Session, user_id: int, *, token: str, agent: Agent, proved: bool, now: datetime) -> SignIn:
    """`proved` says whether they have just given their password."""
    sign_in = SignIn(
        public_id=public_id(),
        user_id=user_id,
        token_sha256=fingerprint(token),
        browser=agent.browser,
        system=agent.system,
        created_at=now,
        last_seen_at=now,
        proved_at=now if proved else None,
    )
    session.add(sign_in)
    session.flush()
    return sign_in


def see(connection: Connection, sign_in_id: int, *, now: datetime) -> None:
    """That it was used. Of many requests at once one writes."""
    before = (SignIn.id == sign_in_id) & (SignIn.last_seen_at <= now - SEEN_EVERY)
    connection.execute(update(SignIn).where(before).values(last_seen_at=now))


def end_by_token(session: Session, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_sha256 == fingerprint(token)))


def end_one(session: Session, user_id: int, sign_in_id: str) -> None:
    """By its public id. Raises NotFound, also for another's."""
    theirs = (SignIn.user_id == user_id) & (SignIn.public_id == sign_in_id)
    if session.execute(delete(SignIn).where(theirs).returning(SignIn.id)).first() is None:
        raise NotFound("There is no such sign-in; it may have ended already.")


def end_all(session: Session, user_id: int, *, but: SignIn | None = None) -> None:
    """Everywhere, or everywhere else."""
    theirs = SignIn.user_id == user_id
    session.execute(delete(SignIn).where(theirs if but is None else theirs & (SignIn.id != but.id)))


def forget_idle(session: Session, *, now: datetime) -> None:
    session.execute(delete(SignIn).where(SignIn.last_seen_at <= now - IDLE))
