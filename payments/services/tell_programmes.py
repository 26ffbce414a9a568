"""Letters about programmes: queued with the fact, for both people, each when they may be reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.notify import reach_mentee_at, reach_mentor_at
from marketplace.core import mail
from marketplace.core.money import Money
from payments.models.programmes import Programme
from payments.models.sales import Purchase

ENDED = "payments:programme_ended"
ASKED = "payments:programme_asked"
MONEY_BACK = "payments:session_money_back"


def tell_ended(session: Session, purchase: Purchase, back: Money, *, by: int | None, now: datetime) -> None:
    """`back` is all that goes back; who has ended it hears at once."""
    for user_id in (purchase.mentee_id, purchase.mentor_id):
        due_at = now if user_id == by else reached_at(session, purchase, user_id, now)
        mail.post(
            session, ENDED, key=purchase.public_id, user_id=user_id, now=now, due_at=due_at, back_minor=back.minor
        )


def tell_asked(session: Session, purchase: Purchase, programme: Programme, *, now: datetime) -> None:
    """The first time how it goes on, the second time with the money offered. `times` tells the two apart."""
    key = f"{purchase.public_id}-{programme.asked}-{programme.ask_at:%Y%m%dT%H%M}"
    for user_id in (purchase.mentee_id, purchase.mentor_id):
        mail.post(
            session,
            ASKED,
            key=key,
            user_id=user_id,
            now=now,
            due_at=reached_at(session, purchase, user_id, now),
            purchase=purchase.public_id,
            times=programme.asked,
        )


def tell_money_back(session: Session, purchase: Purchase, booking: Booking, back: Money, *, now: datetime) -> None:
    """To the mentee, who has just asked for it, and to the mentor."""
    for user_id in (purchase.mentee_id, purchase.mentor_id):
        due_at = now if user_id == purchase.mentee_id else reached_at(session, purchase, user_id, now)
        mail.post(
            session,
            MONEY_BACK,
            key=booking.public_id,
            user_id=user_id,
            now=now,
            due_at=due_at,
            purchase=purchase.public_id,
            back_minor=back.minor,
        )


def reached_at(session: Session, purchase: Purchase, user_id: int, now: datetime) -> datetime:
    """Outside of quiet time; a mentor in working time."""
    reach = reach_mentor_at if user_id == purchase.mentor_id else reach_mentee_at
    return reach(session, user_id, about=None, now=now)
