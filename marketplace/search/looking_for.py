"""What a mentee needs and how they like to work, as they said it once: private, and theirs to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.accounts.closing import goes_with_it
from marketplace.mentors.domain.profile import Way
from marketplace.search.models import LookingFor


@dataclass(frozen=True, slots=True)
class Looking:
    needs: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()


def looking_of(session: Session, user_id: int) -> Looking:
    """Nothing for who has said nothing yet."""
    row = session.get(LookingFor, user_id)
    return Looking(tuple(row.needs), tuple(map(Way, row.ways))) if row else Looking()


def look_for(session: Session, user_id: int, looking: Looking, now: datetime) -> None:
    """In place of what was said before."""
    said = {"needs": list(looking.needs), "ways": [str(way) for way in looking.ways], "at": now}
    saying = insert(LookingFor).values({"user_id": user_id, **said})
    session.execute(saying.on_conflict_do_update(index_elements=[LookingFor.user_id], set_=said))


@goes_with_it
def forget_what_was_needed(session: Session, user_id: int, _now: datetime) -> None:
    session.execute(delete(LookingFor).where(LookingFor.user_id == user_id))
