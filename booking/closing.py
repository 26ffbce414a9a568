"""What booking knows of an account to be closed: sessions ahead keep it open, hours and calendar addresses end with
it."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking, BoundaryRow, DateOverride, WorkingHours
from booking.models.days import HolidayChoice, JourneyRow, ProtectedDay, TimeOff
from marketplace.accounts.closing import goes_with_it, keeps_open
from marketplace.core.jobs import enqueue
from marketplace.core.sentences import Sentence, sentence

_BEING_BOOKED = [BookingStatus.HELD, BookingStatus.AWAITING_PAYMENT]


@keeps_open
def sessions_ahead(session: Session, user_id: int, now: datetime) -> list[Sentence]:
    """Also a time that is only held: a late payment may still make a session of it."""
    theirs = (Booking.mentor_id == user_id) | (Booking.mentee_id == user_id)
    ahead = (Booking.status == BookingStatus.CONFIRMED) & (Booking.ends_at > now)
    open_ones = select(Booking.id).where(theirs, ahead | Booking.status.in_(_BEING_BOOKED)).limit(1)
    if session.scalar(open_ones) is None:
        return []
    return [sentence("You have sessions ahead, or a time that is being booked.")]


@goes_with_it
def forget_hours(session: Session, user_id: int, _now: datetime) -> None:
    """When a mentor worked, was away and travelled: sessions keep the zone and the hours that they were judged by."""
    for table in (WorkingHours, DateOverride, BoundaryRow, TimeOff, JourneyRow, ProtectedDay, HolidayChoice):
        session.execute(delete(table).where(table.mentor_id == user_id))


@goes_with_it
def end_calendars(session: Session, user_id: int, _now: datetime) -> None:
    """They answer no more; the rows go in a transaction of their own, since their lock comes before that of people."""
    enqueue(session, "booking:end_calendars", user_id=user_id)
