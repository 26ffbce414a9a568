"""How reminders are worded, from the rows as they are when they go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.domain.reminders import BEFORE, Ahead
from booking.domain.states import BookingStatus
from booking.mails.bookings import booking_of, letter, words_of
from booking.services.notify import reach_person_at
from booking.services.remind import FACTS
from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.core.clock import utcnow
from marketplace.core.mail import Letter, MailRow

AHEAD = {fact: ahead for ahead, fact in FACTS.items()}


def reminder(session: Session, row: MailRow) -> Letter | None:
    """None for who wants none, and once the session does not take place, was moved, has begun, or the next reminder
    says it better."""
    booking, now = booking_of(session, row.key), utcnow()
    too_late = booking.starts_at - (BEFORE[Ahead.HOUR] if AHEAD[row.fact] is Ahead.DAY else timedelta())
    if booking.state is not BookingStatus.CONFIRMED or booking.sequence != row.sequence or now >= too_late:
        return None
    reader = session.get_one(User, row.user_id)
    if not reader.wants_reminders:
        return None
    words = words_of(session, booking, reader)
    words |= {"is_mentees": reader.id == booking.mentee_id, "agenda": booking.agenda}
    told = words["told"]
    subject = _(
        "Reminder: %(title)s with %(name)s, %(when)s", title=told.title, name=words["other"].name, when=words["when"]
    )
    return letter("booking_reminder", reader, subject, words)


def reminder_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """Asked again for when no worker was there in time: nobody's quiet time is disturbed by what is late."""
    return reach_person_at(session, booking_of(session, row.key), row.user_id, about=None, now=now)


for fact in AHEAD:
    mail.writes(fact)(reminder)
    mail.times(fact)(reminder_may_come)
