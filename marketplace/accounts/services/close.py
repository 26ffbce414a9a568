"""Closing an account: it names nobody any more, and keeps what the books need."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts.closing import FAREWELLS, GUARDS
from marketplace.accounts.locks import lock_person
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.services.letters import CLOSED, tell_address
from marketplace.accounts.services.sign_ins import end_all
from marketplace.core import audit
from marketplace.core.errors import RuleBroken
from marketplace.core.jobs import enqueue
from marketplace.core.letters import NOWHERE
from marketplace.core.sentences import Sentence, sentence

CLOSED_FOR = "accounts:closed_for"
FORMER = "Former member"
"""What others read in the place of the name, in old sessions and in calendars."""


class StillNeeded(RuleBroken):
    """Sessions are ahead, or money is on its way: the account cannot be closed yet."""

    def __init__(self, reasons: list[Sentence]) -> None:
        super().__init__("Your account cannot be closed yet.")
        self.reasons = reasons


def reasons_against(session: Session, user: User, *, now: datetime) -> list[Sentence]:
    """Empty when the account may be closed."""
    alone = [sentence("You are the only operator of this site.")] if _is_last_operator(session, user) else []
    return alone + [reason for guard in GUARDS for reason in guard(session, user.id, now)]


def close(session: Session, user_id: int, *, now: datetime) -> None:
    """Under the lock that every hold takes too, so that no session comes in between. Raises StillNeeded."""
    user = lock_person(session, user_id)
    if reasons := reasons_against(session, user, now=now):
        raise StillNeeded(reasons)
    tell_address(session, CLOSED, user.id, to=user.email, old=user.email, new="", now=now)
    for farewell in FAREWELLS:
        farewell(session, user.id, now)
    _anonymise(user, now)
    end_all(session, user.id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    enqueue(session, "booking:show_changes", user_id=user.id)


def close_for(session: Session, user_id: int, *, reason: str, now: datetime) -> None:
    """By whoever runs the site, for somebody who cannot sign in and has asked for it. Raises StillNeeded."""
    close(session, user_id, now=now)
    audit.note(session, CLOSED_FOR, now=now, actor_id=None, about_id=user_id, reason=reason)


def _anonymise(user: User, now: datetime) -> None:
    """The address becomes free for another account; the terms that were accepted stay, as a proof."""
    user.name, user.email = FORMER, f"closed-{user.id}@{NOWHERE}"
    user.password_hash = ""
    user.verified_at = user.new_email = user.quiet_from = user.quiet_until = None
    user.second_step_salt = user.second_step_used = None
    user.is_operator = False
    user.closed_at = now


def _is_last_operator(session: Session, user: User) -> bool:
    others = (User.id != user.id) & User.is_operator & User.suspended_at.is_(None)
    return user.is_operator and session.scalar(select(User.id).where(others).limit(1)) is None
