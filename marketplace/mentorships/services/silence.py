"""A mentor who does not answer is asked once, and after that somebody who runs the site sees who waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking.services.notify import LOOK_AHEAD, schedule_of_mentor
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.silence import ASK_AFTER, TELL_AFTER, days_have_passed
from marketplace.mentorships.domain.states import OVER, Standing
from marketplace.mentorships.models.messages import AnswerWanted, Message
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.tell_messages import tell_unanswered

LOOK_AGAIN = timedelta(days=1)
"""Where nothing counts for the time being."""


def wait_for_answer(session: Session, mentorship: Mentorship, message: Message) -> None:
    """From the first message that is not answered."""
    due = _passed_at(session, mentorship.mentor_id, message.at, ASK_AFTER)
    row = {
        "mentorship_id": mentorship.id,
        "message_id": message.id,
        "since": message.at,
        "next_at": due or message.at + LOOK_AGAIN,
    }
    session.execute(insert(AnswerWanted).values(row).on_conflict_do_nothing())


def need_no_answer(session: Session, mentorship_id: int) -> None:
    session.execute(delete(AnswerWanted).where(AnswerWanted.mentorship_id == mentorship_id))


def look_at_due(session: Session, now: datetime, limit: int = 200) -> int:
    """Asks, tells, or plans anew what is due, and says how many that were. Two at once take different ones."""
    due = (
        select(AnswerWanted, Mentorship, Mentor.status, Message.public_id)
        .join(Mentorship, Mentorship.id == AnswerWanted.mentorship_id)
        .join(Mentor, Mentor.id == Mentorship.mentor_id)
        .join(Message, Message.id == AnswerWanted.message_id)
        .where(AnswerWanted.next_at <= now)
        .order_by(AnswerWanted.next_at)
        .limit(limit)
        .with_for_update(of=AnswerWanted, skip_locked=True)
    )
    rows = session.execute(due).all()
    for wanted, mentorship, status, message in rows:
        if mentorship.standing in OVER:
            session.delete(wanted)
        elif mentorship.standing == Standing.PAUSED or status != MentorStatus.APPROVED:
            wanted.since, wanted.next_at = now, now + LOOK_AGAIN  # days of a rest do not count
        else:
            _go_on(session, wanted, mentorship, message, now)
    session.flush()
    return len(rows)


def _go_on(session: Session, wanted: AnswerWanted, mentorship: Mentorship, message: str, now: datetime) -> None:
    """By the hours as they are now: time off that was taken since counts for the mentor."""
    days = TELL_AFTER if wanted.asked else ASK_AFTER
    passed_at = _passed_at(session, mentorship.mentor_id, wanted.since, days)
    if passed_at is None or passed_at > now:
        wanted.next_at = passed_at or now + LOOK_AGAIN
    elif wanted.asked:
        wanted.asked, wanted.next_at = 2, None
    else:
        wanted.asked = 1
        wanted.next_at = _passed_at(session, mentorship.mentor_id, wanted.since, TELL_AFTER) or now + LOOK_AGAIN
        tell_unanswered(session, mentorship, message, now=now)


def _passed_at(session: Session, mentor_id: int, since: datetime, days: int) -> datetime | None:
    schedule = schedule_of_mentor(session, mentor_id)
    first = schedule.zones.day_of(since)
    return days_have_passed(since, schedule.working(first, first + LOOK_AHEAD), days)
