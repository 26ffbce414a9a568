"""What a person wishes: how they are called, in which zone and language they read, when it is quiet."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.jobs import enqueue


@dataclass(frozen=True, slots=True)
class Wishes:
    """Columns of `users`, all of them valid. Quiet hours are minutes of the local day."""

    name: str
    zone: str
    locale: str
    quiet_from: int | None
    quiet_until: int | None
    calendar_by: str


def keep_wishes(session: Session, user: User, wishes: Wishes) -> None:
    """A new name or language shows in calendars, too."""
    if (user.name, user.locale) != (wishes.name, wishes.locale):
        enqueue(session, "booking:show_changes", user_id=user.id)
    for column, value in asdict(wishes).items():
        setattr(user, column, value)
