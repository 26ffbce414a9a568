"""Letters about what the two say to each other and of each other, none of them in quiet time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.services.notify import reach_mentee_at, reach_mentor_at
from marketplace.core import mail
from marketplace.mentorships.models.messages import ThreadSide
from marketplace.mentorships.models.pairs import Mentorship

WRITTEN = "mentorships:message"
UNANSWERED = "mentorships:unanswered"
REVIEW = "mentorships:review"


def tell_written(session: Session, mentorship: Mentorship, *, by_id: int, now: datetime) -> None:
    """`sequence` is where the reader was: all that comes until they look again is one telling, and so one letter."""
    reader_id = mentorship.mentee_id if by_id == mentorship.mentor_id else mentorship.mentor_id
    side = session.get(ThreadSide, (mentorship.id, reader_id), populate_existing=True)
    mail.post(
        session,
        WRITTEN,
        key=mentorship.public_id,
        user_id=reader_id,
        now=now,
        due_at=reached_at(session, mentorship, reader_id, now),
        sequence=side.read_to if side else 0,
    )


def tell_unanswered(session: Session, mentorship: Mentorship, message: str, *, now: datetime) -> None:
    """To the mentor, who is asked once, and to the mentee, who reads that. `message` is the public id of the first."""
    for user_id in (mentorship.mentor_id, mentorship.mentee_id):
        due_at = reached_at(session, mentorship, user_id, now)
        mail.post(
            session,
            UNANSWERED,
            key=message,
            user_id=user_id,
            now=now,
            due_at=due_at,
            mentorship=mentorship.public_id,
        )


def tell_review_time(session: Session, mentorship: Mentorship, *, now: datetime) -> None:
    """To both, once."""
    for user_id in (mentorship.mentor_id, mentorship.mentee_id):
        due_at = reached_at(session, mentorship, user_id, now)
        mail.post(session, REVIEW, key=mentorship.public_id, user_id=user_id, now=now, due_at=due_at)


def reached_at(session: Session, mentorship: Mentorship, user_id: int, now: datetime) -> datetime:
    """A mentor in working time, a mentee outside quiet hours of their own."""
    reach = reach_mentor_at if user_id == mentorship.mentor_id else reach_mentee_at
    return reach(session, user_id, about=None, now=now)
