"""Notes of a session that lose nothing: each save names the version that it was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.errors import RuleBroken
from marketplace.mentorships.domain.sessions import LONGEST_NOTE, Part
from marketplace.mentorships.models.sessions import NoteAside, SessionNote


class NoteFull(RuleBroken):
    """Two texts of one note do not fit into it together."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the field of one part. `was` is what stood there when the page was made, of version `base`."""

    part: Part
    words: str
    was: str
    base: int


@dataclass(frozen=True, slots=True)
class Kept:
    """`is_aside`: the note is another's by now, and the draft is kept beside it."""

    part: Part
    version: int
    is_aside: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes on which page, and when; `form` names the page as it was loaded once."""

    booking_id: int
    by_id: int
    form: str
    now: datetime


def keep(session: Session, writing: Writing, drafts: Iterable[Draft]) -> list[Kept]:
    """Parts in one order, so that two who save the same page never wait in a ring."""
    return [_keep(session, writing, draft) for draft in sorted(drafts, key=lambda each: each.part)]


def put_together(session: Session, writing: Writing, part: Part, form: str) -> None:
    """Both texts become one, the note's first. Raises NoteFull; what is gone already is gone."""
    note, aside = _locked(session, writing, part), _aside(session, writing.booking_id, part, form)
    if aside is None:
        return
    together = "\n\n".join(words for words in (note.words, aside.words) if words)
    if len(together) > LONGEST_NOTE:
        raise NoteFull("Both texts together are too long for one note. Shorten one of them first.")
    _write(note, together, writing)
    drop_aside(session, writing.booking_id, part, form)


def drop_aside(session: Session, booking_id: int, part: Part, form: str) -> None:
    found = (NoteAside.booking_id == booking_id, NoteAside.part == part, NoteAside.form == form)
    session.execute(delete(NoteAside).where(*found))


def _keep(session: Session, writing: Writing, draft: Draft) -> Kept:
    if draft.words == draft.was and draft.base == 0:
        return Kept(draft.part, 0, is_aside=False)
    note = _locked(session, writing, draft.part)
    if note.version == draft.base:
        if draft.words != note.words:
            _write(note, draft.words, writing)
        drop_aside(session, writing.booking_id, draft.part, writing.form)
        return Kept(draft.part, note.version, is_aside=False)
    if draft.words in (draft.was, note.words) or not draft.words:
        return Kept(draft.part, note.version if draft.words == note.words else draft.base, is_aside=False)
    row = {"booking_id": writing.booking_id, "part": draft.part, "form": writing.form}
    said = {"words": draft.words, "by_id": writing.by_id, "at": writing.now}
    keys = [NoteAside.booking_id, NoteAside.part, NoteAside.form]
    statement = insert(NoteAside).values({**row, **said}).on_conflict_do_update(index_elements=keys, set_=said)
    session.execute(statement)
    return Kept(draft.part, draft.base, is_aside=True)


def _locked(session: Session, writing: Writing, part: Part) -> SessionNote:
    """The note, empty and of version 0 if nobody has written there yet."""
    key = {"booking_id": writing.booking_id, "part": part}
    empty = insert(SessionNote).values({**key, "by_id": writing.by_id, "at": writing.now})
    session.execute(empty.on_conflict_do_nothing())
    locking = select(SessionNote).filter_by(**key).with_for_update(key_share=True)
    return session.execute(locking, execution_options={"populate_existing": True}).scalar_one()


def _aside(session: Session, booking_id: int, part: Part, form: str) -> NoteAside | None:
    return session.get(NoteAside, (booking_id, part, form))


def _write(note: SessionNote, words: str, writing: Writing) -> None:
    note.words, note.version = words, note.version + 1
    note.by_id, note.at = writing.by_id, writing.now
