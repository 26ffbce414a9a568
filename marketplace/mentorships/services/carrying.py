"""Taking brief and goals along to another mentor: never notes, and never what the former mentor wrote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.errors import RuleBroken
from marketplace.mentorships.models.carried import Carried
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.queries.carried import takeable_of


class NothingToTake(RuleBroken):
    """Neither the brief nor a goal was chosen."""


def take_along(
    session: Session, pair: Mentorship, mentor_id: int, *, brief: bool, goals: Collection[str], now: datetime
) -> None:
    """To that mentor, in place of what was chosen before; what has arrived there stays. Raises NothingToTake."""
    found = takeable_of(session, pair)
    taken = {
        "brief": {str(question): answer for question, answer in found.brief.items()} if brief else {},
        "goals": [each.goal.to_json() for each in found.goals if each.public_id in goals],
    }
    if not any(taken.values()):
        raise NothingToTake("Choose what you want to take along.")
    key = {"from_id": pair.id, "mentor_id": mentor_id}
    said = {**taken, "at": now}
    session.execute(
        insert(Carried)
        .values({**key, "mentee_id": pair.mentee_id, **said})
        .on_conflict_do_update(constraint="carried_once_to_each", set_=said, where=Carried.used_at.is_(None))
    )


def leave_behind(session: Session, pair: Mentorship, mentor_id: int) -> None:
    """What has not arrived yet."""
    chosen = (Carried.from_id == pair.id, Carried.mentor_id == mentor_id, Carried.used_at.is_(None))
    session.execute(delete(Carried).where(*chosen))
