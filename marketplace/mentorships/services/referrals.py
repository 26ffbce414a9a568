"""Whom a mentor names where mentoring ends: a list of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.services.locks import lock_people
from marketplace.core.errors import RuleBroken
from marketplace.mentorships.models.own import Referral
from marketplace.mentorships.queries.own import referral_of
from marketplace.mentorships.services.once import write_once

MOST_REFERRALS = 100


class ListFull(RuleBroken):
    """A mentor keeps more references than a page can show."""


@dataclass(frozen=True, slots=True)
class Named:
    """`note` is for the mentor alone; the rest may be handed on, by hand."""

    name: str
    good_for: str
    where_to: str = ""
    note: str = ""


def add_referral(session: Session, mentor_id: int, named: Named, *, form: str, now: datetime) -> None:
    """`form` names the form that was sent: sent twice, it is one line of the list. Raises ListFull."""
    lock_people(session, (mentor_id,))
    mine = Referral.mentor_id == mentor_id
    if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_REFERRALS:
        raise ListFull("You keep %(most)s references, and that is all there is room for.", most=MOST_REFERRALS)
    write_once(session, Referral, form, {"mentor_id": mentor_id, "at": now, **_said(named)})


def change_referral(session: Session, mentor_id: int, public_id: str, named: Named) -> None:
    """Raises NotFound for another's."""
    referral = referral_of(session, mentor_id, public_id)
    for name, value in _said(named).items():
        setattr(referral, name, value)
    session.flush()


def remove_referral(session: Session, mentor_id: int, public_id: str) -> None:
    """What is gone stays gone."""
    session.execute(delete(Referral).where(Referral.mentor_id == mentor_id, Referral.public_id == public_id))


def _said(named: Named) -> dict[str, str]:
    return {"name": named.name, "good_for": named.good_for, "where_to": named.where_to, "note": named.note}
