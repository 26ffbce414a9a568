"""What a person's own pages say of sessions whose other person waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.outcomes import Said, Side, may_speak_until
from booking.queries.outcomes import side_of, waiting_for_answer
from booking.words.outcomes import said_words
from payments.words.outcomes import in_both_zones


@dataclass(frozen=True, slots=True)
class Wanted:
    """`says` is the other one's last word, `until` when silence accepts it, as both read it."""

    public_id: str
    title: str
    starts_at: datetime
    zone: object
    says: str
    until: str


def answers_wanted(session: Session, user_id: int, zone: object, now: datetime) -> list[Wanted]:
    found = []
    for booking, facts in waiting_for_answer(session, user_id, now):
        side = side_of(booking, user_id)
        other = booking.mentor.user if side is Side.MENTEE else booking.mentee
        last = [claim for claim in facts.claims if claim.side is side.other][-1]
        says = said_words(Said(last.said), by_reader=False, name=other.name)
        until = in_both_zones(may_speak_until(facts, side), zone, other.zone)
        found.append(Wanted(booking.public_id, booking.title, booking.starts_at, zone, says, until))
    return found
