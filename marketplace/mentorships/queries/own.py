"""Reads of what a mentor keeps for themselves. All of them name the mentor: nobody reads another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.mentorships.models.own import JournalEntry, Referral

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Journal:
    """A page of entries, the newest first."""

    entries: Sequence[JournalEntry]
    has_earlier: bool


def journal_of(session: Session, mentor_id: int, *, before: str = "") -> Journal:
    """The newest page, or the one that follows the entry with this public id."""
    mine = JournalEntry.mentor_id == mentor_id
    wanted = select(JournalEntry).where(mine).order_by(JournalEntry.id.desc()).limit(PER_PAGE + 1)
    if before:
        last = select(JournalEntry.id).where(mine, JournalEntry.public_id == before).scalar_subquery()
        wanted = wanted.where(JournalEntry.id < last)
    found = session.scalars(wanted).all()
    return Journal(found[:PER_PAGE], len(found) > PER_PAGE)


def entry_of(session: Session, mentor_id: int, public_id: str) -> JournalEntry:
    """Raises NotFound for everybody else."""
    mine = (JournalEntry.mentor_id == mentor_id, JournalEntry.public_id == public_id)
    entry = session.scalars(select(JournalEntry).where(*mine)).one_or_none()
    if entry is None:
        raise NotFound("There is nothing here.")
    return entry


def referrals_of(session: Session, mentor_id: int) -> Sequence[Referral]:
    """By name."""
    return session.scalars(
        select(Referral).where(Referral.mentor_id == mentor_id).order_by(Referral.name, Referral.id)
    ).all()


def referral_of(session: Session, mentor_id: int, public_id: str) -> Referral:
    """Raises NotFound for everybody else."""
    mine = (Referral.mentor_id == mentor_id, Referral.public_id == public_id)
    referral = session.scalars(select(Referral).where(*mine)).one_or_none()
    if referral is None:
        raise NotFound("There is nothing here.")
    return referral
