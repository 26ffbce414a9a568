"""Reminders a day and an hour before a session: planned when it is booked or moved, and anew when working hours or
quiet hours change; told when they are due.

Keeps rule quiet_hours: what would fall into a mentor's quiet time comes at the end of the working time before, and a
mentee is left alone in quiet hours of their own the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from booking.domain.intervals import Interval
from booking.domain.quiet import NoWorkingTime, remind_at
from booking.domain.reminders import Ahead, reminders
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.reminders import Reminder
from booking.services.locks import lock_people
from booking.services.notify import quiet_hours_of, schedule_of_mentor
from marketplace.accounts.models import User
from marketplace.core import mail

LOOK_BACK = timedelta(days=30)
"""Who does not work for as long before a session is not reminded of it."""
FACTS = {ahead: f"booking:remind_{ahead}" for ahead in Ahead}


def plan_reminders(session: Session, *bookings: Booking, now: datetime) -> None:
    """For both people of these sessions of theirs, in place of what was planned before. Under the locks of the bookings
    and the people."""
    session.execute(delete(Reminder).where(Reminder.booking_id.in_([booking.id for booking in bookings])))
    first = bookings[0]
    reached = {
        first.mentor_id: _mentor_reached_at(session, first.mentor_id, bookings),
        first.mentee_id: _mentee_reached_at(session, first.mentee_id),
    }
    session.add_all(
        Reminder(booking_id=booking.id, user_id=user_id, ahead=ahead, sequence=booking.sequence, remind_at=at)
        for booking in bookings
        for user_id, reached_at in reached.items()
        for ahead, at in reminders(booking.starts_at, now=now, reached_at=reached_at).items()
    )
    session.flush()


def plan_anew(session: Session, user_id: int, *, now: datetime) -> None:
    """Of all sessions ahead of somebody whose working hours or quiet hours have changed. What was told already is not
    told again: a letter exists once. Takes the locks of everybody they meet, and then of the sessions."""
    ahead = (Booking.status == BookingStatus.CONFIRMED) & (Booking.starts_at > now)
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    met = session.execute(select(Booking.mentor_id, Booking.mentee_id).where(ahead, theirs)).all()
    people = {user_id, *(person for pair in met for person in pair)}
    lock_people(session, people)
    # Whoever booked between the two reads is not locked, and was planned by what holds now.
    both_locked = Booking.mentor_id.in_(people) & Booking.mentee_id.in_(people)
    statement = select(Booking).where(ahead, theirs, both_locked).order_by(Booking.id).with_for_update(key_share=True)
    pairs: defaultdict[tuple[int, int], list[Booking]] = defaultdict(list)
    for booking in session.scalars(statement, execution_options={"populate_existing": True}):
        pairs[booking.mentor_id, booking.mentee_id].append(booking)
    for bookings in pairs.values():
        plan_reminders(session, *bookings, now=now)


def tell_due(session: Session, now: datetime, limit: int = 200) -> int:
    """Turns what is due into letters, and says how many rows that were. What does not take place is told to nobody."""
    due = (
        select(Reminder, Booking.public_id, Booking.status)
        .join(Booking, Booking.id == Reminder.booking_id)
        .where(Reminder.remind_at <= now)
        .order_by(Reminder.remind_at)
        .limit(limit)
        .with_for_update(of=Reminder, skip_locked=True)
    )
    rows = session.execute(due).all()
    for reminder, public_id, status in rows:
        if status == BookingStatus.CONFIRMED:
            fact = FACTS[Ahead(reminder.ahead)]
            mail.post(session, fact, key=public_id, user_id=reminder.user_id, now=now, sequence=reminder.sequence)
        session.delete(reminder)
    session.flush()
    return len(rows)


def _mentor_reached_at(
    session: Session, mentor_id: int, bookings: Sequence[Booking]
) -> Callable[[datetime], datetime | None]:
    schedule = schedule_of_mentor(session, mentor_id)
    days = [schedule.zones.day_of(booking.starts_at) for booking in bookings]
    working = [interval for _, interval in schedule.working(min(days) - LOOK_BACK, max(days))]
    quiet = quiet_hours_of(session.get_one(User, mentor_id), schedule.journeys)

    def reached_at(wanted: datetime) -> datetime | None:
        try:
            at = remind_at(wanted, working, quiet)
        except NoWorkingTime:
            return None
        return at if wanted - at <= LOOK_BACK else None

    return reached_at


def _mentee_reached_at(session: Session, mentee_id: int) -> Callable[[datetime], datetime | None]:
    quiet = quiet_hours_of(session.get_one(User, mentee_id))
    day = timedelta(days=2)  # longer than any quiet hours
    return lambda wanted: remind_at(wanted, [Interval(wanted - day, wanted + day)], quiet)
