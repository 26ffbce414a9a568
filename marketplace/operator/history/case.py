"""What the operator reads of a session whose two people do not agree: what each has said, and what the site knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.outcomes import Said, Side
from booking.models.bookings import Booking
from booking.queries.outcomes import claims_of
from booking.services.notify import BOOKED
from booking.services.tell_outcomes import CLAIMED
from booking.words.outcomes import said_to_operator
from marketplace.core.config import Settings
from marketplace.core.mail import MailRow
from marketplace.operator.history.telling import LETTERS
from payments.models.sales import Purchase
from payments.offers.cancel import anybodys_session
from payments.queries.sales import purchase_of

TOLD = (BOOKED, CLAIMED)
"""The letters that tell whether somebody could know of the session, and of what was said about it."""


@dataclass(frozen=True, slots=True)
class Told:
    says: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """`at` is empty while the letter waits, and when there was no point in sending it."""

    what: str
    to: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    booking: Booking
    purchase: Purchase
    told: list[Told]
    letters: list[Sent]
    join_url: str


def case_of(session: Session, public_id: str, settings: Settings) -> Case:
    """In a number of statements that does not grow. Raises NotFound."""
    booking = anybodys_session(session, public_id)
    purchase = purchase_of(session, booking)
    names = {Side.MENTEE: booking.mentee.name, Side.MENTOR: booking.mentor.user.name}
    told = [
        Told(
            said_to_operator(Said(claim.said), names[Side(claim.side)], names[Side(claim.side).other]),
            claim.words or "",
            claim.said_at,
        )
        for claim in claims_of(session, booking.id)
    ]
    link = booking.mentor.meets_at(settings.meeting_url)
    return Case(booking, purchase, told, _letters(session, booking), link)


def _letters(session: Session, booking: Booking) -> list[Sent]:
    named = {booking.mentee_id: booking.mentee.name, booking.mentor_id: booking.mentor.user.name}
    rows = session.scalars(
        select(MailRow)
        .where(MailRow.key == booking.public_id, MailRow.fact.in_(TOLD))
        .order_by(MailRow.created_at, MailRow.id)
    )
    return [
        Sent(str(LETTERS[row.fact]), named[row.user_id], row.closed_at if row.status == "sent" else None)
        for row in rows
    ]
