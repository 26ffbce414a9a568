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
    wants_reminders: bool
    wants_check_ins: bool


def keep_wishes(session: Session, user: User, wishes: Wishes) -> None:
    """A new name or language shows in calendars, too; reminders keep to the quiet hours."""
    if (user.name, user.locale) != (wishes.name, wishes.locale):
        enqueue(session, "booking:show_changes", user_id=user.id)
    quiet = (user.zone, user.quiet_from, user.quiet_until)
    for column, value in asdict(wishes).items():
        setattr(user, column, value)
    if quiet != (wishes.zone, wishes.quiet_from, wishes.quiet_until):
        _plan_reminders(session, user)


def keep_zone(session: Session, user: User, zone: str) -> None:
    """One that is known. Quiet hours are those of its clock."""
    if user.zone != zone:
        user.zone = zone
        _plan_reminders(session, user)


def _plan_reminders(session: Session, user: User) -> None:
    """After the account's row is written, and so locked: hours are changed in that order too."""
    enqueue(session, "booking:plan_reminders", once=f"plan-reminders-{user.id}", user_id=user.id)
