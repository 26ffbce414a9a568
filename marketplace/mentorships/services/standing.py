"""What the two decide about their mentorship: to rest, to go on, to close it."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.mentorships.domain.states import MOVES, Standing
from marketplace.mentorships.models.pairs import Mentorship, StandingChange
from marketplace.mentorships.queries.pairs import pair_of
from payments.services.ask_programmes import pauses_asking


class StandsOtherwise(Conflict):
    """It cannot be decided from where the mentorship stands by now: the other one was faster."""


def lock_mentorship(session: Session, mentorship_id: int) -> Mentorship:
    """Read again after the lock. It comes after all others (docs/locking.md)."""
    locking = select(Mentorship).where(Mentorship.id == mentorship_id).with_for_update(key_share=True, of=Mentorship)
    return session.execute(locking, execution_options={"populate_existing": True}).scalar_one()


def decide(session: Session, public_id: str, standing: Standing, *, by_id: int, now: datetime) -> Mentorship:
    """What is decided already is decided once. Raises NotFound for others, StandsOtherwise."""
    pair = pair_of(session, public_id, by_id, now)
    row = lock_mentorship(session, pair.row.id)
    if row.standing == standing:
        return row
    if standing not in MOVES[pair.stage]:
        raise StandsOtherwise("This mentorship has changed meanwhile. Please look at it again.")
    row.standing, row.since, row.back_on = standing, now, None
    session.add(StandingChange(mentorship_id=row.id, at=now, standing=standing, by_id=by_id))
    session.flush()
    return row


def rest(session: Session, public_id: str, back_on: date | None, *, by_id: int, now: datetime) -> Mentorship:
    """With the day from which on they go on, if it is known. Said again, it is the day that changes. Raises as
    `decide`."""
    row = decide(session, public_id, Standing.PAUSED, by_id=by_id, now=now)
    row.back_on = back_on
    session.flush()
    return row


@pauses_asking
def is_at_rest(session: Session, mentor_id: int, mentee_id: int) -> bool:
    pair = (Mentorship.mentor_id == mentor_id, Mentorship.mentee_id == mentee_id)
    return session.scalar(select(Mentorship.standing).where(*pair)) == Standing.PAUSED
