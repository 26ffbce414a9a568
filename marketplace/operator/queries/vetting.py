"""What the operator reads about mentors: the queue, and what was done so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.mentors.domain.states import PUBLIC, MentorStatus
from marketplace.mentors.models import Mentor, ProfileChange

HISTORY_SHOWN = 50


class Shown(StrEnum):
    """Which mentors a list shows: those in one state, or those whose changes nobody has looked at."""

    SUBMITTED = MentorStatus.SUBMITTED
    CHANGED = "changed"
    APPROVED = MentorStatus.APPROVED
    PAUSED = MentorStatus.PAUSED
    CHANGES_WANTED = MentorStatus.CHANGES_WANTED
    SUSPENDED = MentorStatus.SUSPENDED
    DRAFT = MentorStatus.DRAFT


@dataclass(frozen=True, slots=True)
class MentorLine:
    slug: str
    name: str
    headline: str
    status: MentorStatus
    submitted_at: datetime | None
    has_changed: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """An entry of the audit log with the people's names; `actor` is empty for the site itself."""

    entry: AuditEntry
    actor: str
    about: str


def mentor_lines(session: Session, shown: Shown, *, offset: int, limit: int) -> list[MentorLine]:
    """Who has waited longest comes first; drafts, which nobody sent in, by when they were begun."""
    changed = _changed_unseen()
    which = changed if shown is Shown.CHANGED else Mentor.status == str(shown)
    rows = session.execute(
        select(Mentor.slug, User.name, Mentor.headline, Mentor.status, Mentor.submitted_at, changed)
        .join(User, User.id == Mentor.id)
        .where(which)
        .order_by(Mentor.submitted_at.nulls_last(), Mentor.id)
        .offset(offset)
        .limit(limit)
    )
    return [MentorLine(row[0], row[1], row[2], MentorStatus(row[3]), row[4], row[5]) for row in rows]


def counts(session: Session) -> dict[Shown, int]:
    """How many there are of each, none left out."""
    rows = session.execute(select(Mentor.status, func.count()).group_by(Mentor.status))
    found = {Shown(status): number for status, number in rows}
    changed = session.scalar(select(func.count()).select_from(Mentor).where(_changed_unseen())) or 0
    return {**dict.fromkeys(Shown, 0), **found, Shown.CHANGED: changed}


def history(session: Session, person_id: int) -> list[Deed]:
    """What was done by or on a person, the newest first, at most `HISTORY_SHOWN`."""
    return deeds(session, AuditEntry.about_id == person_id, limit=HISTORY_SHOWN)


def changes_of(session: Session, entries: Iterable[AuditEntry]) -> dict[int, ProfileChange]:
    """The words of those that tell of a change of a page, by the entry's id."""
    wanted = [entry.id for entry in entries if "section" in entry.detail]
    if not wanted:
        return {}
    found = session.scalars(select(ProfileChange).where(ProfileChange.entry_id.in_(wanted)))
    return {change.entry_id: change for change in found}


def deeds(session: Session, *which: ColumnElement[bool], offset: int = 0, limit: int) -> list[Deed]:
    """The newest first, in two statements."""
    statement = select(AuditEntry).where(*which).order_by(AuditEntry.id.desc()).offset(offset).limit(limit)
    entries = list(session.scalars(statement))
    people = {person for entry in entries for person in (entry.actor_id, entry.about_id) if person is not None}
    names = {row[0]: row[1] for row in session.execute(select(User.id, User.name).where(User.id.in_(people)))}
    return [Deed(entry, names.get(entry.actor_id or 0, ""), names.get(entry.about_id or 0, "")) for entry in entries]


def _changed_unseen() -> ColumnElement[bool]:
    return Mentor.status.in_(sorted(PUBLIC)) & (Mentor.revision > Mentor.seen_revision)
