"""What a person reads before they cancel a session: the sum that goes back, and until when it would be another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from booking.domain.states import Canceller
from booking.models.bookings import Booking
from booking.services.cancel import require_cancellable
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.settle import Dues
from payments.models.sales import Purchase
from payments.queries.cancelling import cancelling, dues_if_cancelled
from payments.queries.sales import purchase_of
from payments.queries.settling import frozen_sale

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """`back` goes back to who cancels until then; `is_over` steps are shown too, since people ask for them."""

    until: datetime
    back: Money
    is_over: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """`steps` are the mentee's alone, and empty where nothing was paid: whoever else cancels gives all back.
    `stays_bought`: it can be booked again, so `back` is nothing for now."""

    booking: Booking
    by: Canceller
    dues: Dues
    back: Money
    stays_bought: bool
    steps: list[Step]


def session_to_cancel(session: Session, public_id: str, user_id: int) -> tuple[Booking, Canceller]:
    """One of their own, and on which side they sit. Raises NotFound, also when it is another's."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    booking = session.scalar(_sessions().where(Booking.public_id == public_id, theirs))
    if booking is None:
        raise NotFound("There is no such session.")
    return booking, Canceller.MENTEE if booking.mentee_id == user_id else Canceller.MENTOR


def anybodys_session(session: Session, public_id: str) -> Booking:
    """For an operator. Raises NotFound."""
    booking = session.scalar(_sessions().where(Booking.public_id == public_id))
    if booking is None:
        raise NotFound("There is no such session.")
    return booking


def offer_of(session: Session, booking: Booking, by: Canceller, now: datetime) -> Offer:
    """Nothing is locked: who cancels is asked again if the sum has changed. Raises AlreadyCancelled, NotCancellable."""
    require_cancellable(booking, now)
    purchase = purchase_of(session, booking)
    found = cancelling(session, purchase, booking, by, now)
    steps = _steps(session, purchase, booking, now) if by is Canceller.MENTEE and found.dues.paid else []
    return Offer(booking, by, found.dues, found.back, found.stays_bought, steps)


def _steps(session: Session, purchase: Purchase, booking: Booking, now: datetime) -> list[Step]:
    """The last moment of each step is asked of the same function that settles."""
    free_until = frozen_sale(session, purchase).all_back_until(booking.starts_at)
    free, late = (
        dues_if_cancelled(session, purchase, booking, Canceller.MENTEE, at).back
        for at in (min(free_until, booking.starts_at - MOMENT), booking.starts_at - MOMENT)
    )
    if free_until >= booking.starts_at:
        return [Step(booking.starts_at, free, is_over=False, is_now=True)]
    return [
        Step(free_until, free, is_over=now > free_until, is_now=now <= free_until),
        Step(booking.starts_at, late, is_over=False, is_now=now > free_until),
    ]


def _sessions() -> Select[Booking]:
    people = (joinedload(Booking.mentor).joinedload(Mentor.user), joinedload(Booking.mentee))
    return select(Booking).options(*people)
