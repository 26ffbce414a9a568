"""Between sessions: how a week went; and after listening, whether somebody was heard."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.mentorships.domain.sessions import Heard
from marketplace.mentorships.models.sessions import CheckIn, HeardAnswer
from marketplace.mentorships.services.papers import Writer


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def check_in(session: Session, writer: Writer, *, today: date, progress: int, is_stuck: bool, words: str) -> None:
    """The last word of a week counts; what is said anew has not been seen. `today` is the mentee's."""
    said = {"progress": progress, "is_stuck": is_stuck, "words": words, "at": writer.now, "seen_at": None}
    row = {"mentorship_id": writer.mentorship.id, "week": monday_of(today), **said}
    keys = [CheckIn.mentorship_id, CheckIn.week]
    session.execute(insert(CheckIn).values(row).on_conflict_do_update(index_elements=keys, set_=said))


def see(session: Session, writer: Writer) -> None:
    """The mentor has read all that there is."""
    unseen = (CheckIn.mentorship_id == writer.mentorship.id, CheckIn.seen_at.is_(None))
    session.execute(update(CheckIn).where(*unseen).values(seen_at=writer.now))


def answer_heard(session: Session, booking_id: int, writer: Writer, answer: Heard, words: str) -> None:
    said = {"answer": answer, "words": words, "at": writer.now}
    row = {"booking_id": booking_id, **said}
    session.execute(
        insert(HeardAnswer).values(row).on_conflict_do_update(index_elements=[HeardAnswer.booking_id], set_=said)
    )
