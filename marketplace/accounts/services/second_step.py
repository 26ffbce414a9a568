"""The second step of an account: turned on, passed, turned off. Each code works once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_person
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.second_steps import fingerprint, plain, recovery_codes, secret_of, step_of
from marketplace.accounts.services.letters import News, tell
from marketplace.core.errors import Conflict

SECOND_STEP_REMOVED = "accounts:second_step_removed"
"""By somebody else than its owner."""


class SecondStepIsOn(Conflict):
    """It was turned on meanwhile, in another tab or by somebody else."""


def turn_on(session: Session, user_id: int, *, salt: bytes, step: int, now: datetime) -> list[str]:
    """The recovery codes, which are shown this once. `step` is that of the first code, which is used with it.
    Raises SecondStepIsOn."""
    user = lock_person(session, user_id)
    if user.has_second_step:
        raise SecondStepIsOn("Your second step is on already.")
    user.second_step_salt, user.second_step_used = salt, step
    codes = _new_codes(session, user.id)
    tell(session, News.SECOND_STEP_ON, user, now=now)
    return codes


def turn_off(session: Session, user_id: int, *, now: datetime) -> bool:
    """Whether there was one."""
    user = lock_person(session, user_id)
    if not user.has_second_step:
        return False
    user.second_step_salt = user.second_step_used = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    tell(session, News.SECOND_STEP_OFF, user, now=now)
    return True


def renew_codes(session: Session, user_id: int) -> list[str]:
    """The old ones are void. Empty without a second step."""
    user = lock_person(session, user_id)
    return _new_codes(session, user.id) if user.has_second_step else []


def passes(session: Session, user: User, code: str, *, secret_key: str, now: datetime) -> bool:
    """Whether it is a code of the app or a recovery code, not used before. Of two at once one passes."""
    typed = plain(code)
    return _passes_as_step(session, user, typed, secret_key, now) or _passes_as_recovery(session, user, typed, now)


def _passes_as_step(session: Session, user: User, code: str, secret_key: str, now: datetime) -> bool:
    if user.second_step_salt is None or user.second_step_used is None:
        return False
    secret = secret_of(secret_key, user.id, user.second_step_salt)
    step = step_of(code, secret, now=now, after=user.second_step_used)
    if step is None:
        return False
    # The database decides: the row may have been read before somebody else used the code.
    unused = (User.id == user.id) & (User.second_step_used < step)
    used = update(User).where(unused).values(second_step_used=step).returning(User.id)
    return session.execute(used).first() is not None


def _passes_as_recovery(session: Session, user: User, code: str, now: datetime) -> bool:
    unused = (RecoveryCode.user_id == user.id) & RecoveryCode.used_at.is_(None)
    this = unused & (RecoveryCode.code_sha256 == fingerprint(code))
    used = update(RecoveryCode).where(this).values(used_at=now).returning(RecoveryCode.id)
    if session.execute(used).first() is None:
        return False
    tell(session, News.RECOVERY_CODE_USED, user, now=now)
    return True


def _new_codes(session: Session, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = recovery_codes()
    session.add_all(RecoveryCode(user_id=user_id, code_sha256=fingerprint(code)) for code in codes)
    session.flush()
    return codes
