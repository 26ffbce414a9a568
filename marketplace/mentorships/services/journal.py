"""A mentor's own journal: written, changed and removed by its mentor alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, NotFound
from marketplace.mentorships.models.own import JournalEntry
from marketplace.mentorships.services.once import write_once


class EntryChanged(Conflict):
    """An entry was changed from an older version than the one that is kept: in another tab, on another device."""


def write_entry(session: Session, mentor_id: int, words: str, *, today: date, form: str, now: datetime) -> None:
    """`form` names the form that was sent: sent twice, it is one entry. `today` is the mentor's."""
    month = today.replace(day=1)
    row = {"mentor_id": mentor_id, "month": month, "words": words, "at": now, "changed_at": now}
    write_once(session, JournalEntry, form, row)


def change_entry(session: Session, mentor_id: int, public_id: str, words: str, *, base: int, now: datetime) -> None:
    """`base` is the version that was read. Raises NotFound for another's, EntryChanged."""
    mine = (JournalEntry.mentor_id == mentor_id, JournalEntry.public_id == public_id)
    locking = select(JournalEntry).where(*mine).with_for_update()
    entry = session.scalars(locking, execution_options={"populate_existing": True}).one_or_none()
    if entry is None:
        raise NotFound("There is nothing here.")
    if entry.words == words:
        return
    if entry.version != base:
        raise EntryChanged("You have changed this entry elsewhere meanwhile. Both texts are below: keep what you want.")
    entry.words, entry.version, entry.changed_at = words, base + 1, now
    session.flush()


def remove_entry(session: Session, mentor_id: int, public_id: str) -> None:
    """What is gone stays gone."""
    mine = (JournalEntry.mentor_id == mentor_id, JournalEntry.public_id == public_id)
    session.execute(delete(JournalEntry).where(*mine))
