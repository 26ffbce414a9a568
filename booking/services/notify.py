"""Letters about bookings, queued with the fact in the same transaction. A mentor gets them in working time only
(rule `quiet_hours`), a mentee at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.quiet import NoWorkingTime, QuietHours, deliver_at
from booking.domain.recurrence import working_intervals
from booking.models import Booking
from booking.queries import schedule_of
from marketplace.accounts.models import User
from marketplace.core import mail

BOOKED = "booking:booked"
HOLD_ENDED = "booking:hold_ended"
LOOK_AHEAD = timedelta(days=60)


def tell_booked(
    session: Session,
    booking: Booking,
    *,
    now: datetime,
    mentee_lines: Sequence[str] = (),
    mentor_lines: Sequence[str] = (),
) -> None:
    """To both people. The lines are ready sentences about the sale and its policy, which booking does not know."""
    key, sequence = booking.public_id, booking.sequence
    mail.post(session, BOOKED, key=key, user_id=booking.mentee_id, now=now, sequence=sequence, lines=list(mentee_lines))
    mail.post(
        session,
        BOOKED,
        key=key,
        user_id=booking.mentor_id,
        now=now,
        due_at=reach_mentor_at(session, booking.mentor_id, about=booking.starts_at, now=now),
        sequence=sequence,
        lines=list(mentor_lines),
    )


def tell_hold_ended(session: Session, booking: Booking, *, now: datetime) -> None:
    """To the mentee, who may want to choose again."""
    mail.post(session, HOLD_ENDED, key=booking.public_id, user_id=booking.mentee_id, now=now, sequence=booking.sequence)


def reach_mentor_at(session: Session, mentor_id: int, *, about: datetime | None, now: datetime) -> datetime:
    """When news may reach this mentor (UTC); `about` is when the session that it is about begins, if there is one.

    With no working time in sight it goes at once if the session is ahead, else when the days looked at are over.
    """
    # The envelope says when sessions may be, and plays no part in when a mentor works.
    schedule = schedule_of(session, mentor_id, Envelope())
    today = now.astimezone(schedule.zone).date()
    working = working_intervals(
        schedule.weekly, schedule.overrides, schedule.time_off, schedule.zone, today, today + LOOK_AHEAD
    )
    quiet = quiet_hours_of(session.get_one(User, mentor_id))
    try:
        return deliver_at(now, session_starts_at=about, working=[interval for _, interval in working], quiet=quiet)
    except NoWorkingTime:
        return now + LOOK_AHEAD


def quiet_hours_of(user: User) -> QuietHours | None:
    """None without quiet hours, and for a range without length."""
    if user.quiet_from is None or user.quiet_until is None or user.quiet_from == user.quiet_until:
        return None
    return QuietHours(user.quiet_from, user.quiet_until, user.tz)
