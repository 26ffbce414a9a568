"""Keeping somebody out of their account, and letting them in again. What they have booked and sold stays as it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_person
from marketplace.accounts.services.sign_ins import end_all
from marketplace.core import audit

SUSPENDED, RESTORED = "accounts:suspended", "accounts:restored"


def suspend(session: Session, user_id: int, *, actor_id: int | None, reason: str, now: datetime) -> None:
    """Signed out everywhere at once. `actor_id` is None for a command."""
    user = lock_person(session, user_id)
    if user.suspended_at is None:
        user.suspended_at = now
        audit.note(session, SUSPENDED, now=now, actor_id=actor_id, about_id=user.id, reason=reason)
    end_all(session, user.id)


def restore(session: Session, user_id: int, *, actor_id: int | None, reason: str, now: datetime) -> None:
    user = lock_person(session, user_id)
    if user.suspended_at is not None:
        user.suspended_at = None
        audit.note(session, RESTORED, now=now, actor_id=actor_id, about_id=user.id, reason=reason)
