"""Letters about what became of a session, queued with the fact in the same transaction.

Nobody is woken by them: a mentor gets them in working time only (rule `quiet_hours`), and at once what follows from
their own doing just now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.models.claims import BookingClaim
from booking.services.notify import reach_person_at
from marketplace.core import mail

CLAIMED = "booking:claimed"
OUTCOME = "booking:outcome"


def tell_claimed(
    session: Session, booking: Booking, claim: BookingClaim, *, lines: Sequence[str], now: datetime
) -> None:
    """To the other one of the two. The lines are ready sentences about what follows from it."""
    reader = booking.mentor_id if claim.person_id == booking.mentee_id else booking.mentee_id
    mail.post(
        session,
        CLAIMED,
        key=booking.public_id,
        user_id=reader,
        now=now,
        due_at=reach_person_at(session, booking, reader, about=None, now=now),
        sequence=claim.id,
        claim_id=claim.id,
        lines=list(lines),
    )


def tell_outcome(
    session: Session, booking: Booking, *, lines: Mapping[int, Sequence[str]], actor_id: int | None, now: datetime
) -> None:
    """To both, once; the lines are ready sentences about the money, by reader. Who has just acted hears at once."""
    for reader in (booking.mentee_id, booking.mentor_id):
        asked = reader == actor_id
        due_at = now if asked else reach_person_at(session, booking, reader, about=None, now=now)
        mail.post(
            session,
            OUTCOME,
            key=booking.public_id,
            user_id=reader,
            now=now,
            due_at=due_at,
            asked=asked,
            lines=list(lines[reader]),
        )
