"""Messages between the two: sent once, read by nobody else, and not at all where one of them wants none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, RuleBroken
from marketplace.mentorships.domain.messages import MOST_AN_HOUR, Closed
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.messages import Message, ThreadSide
from marketplace.mentorships.queries.messages import closed_to
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.silence import need_no_answer, wait_for_answer
from marketplace.mentorships.services.standing import lock_mentorship
from marketplace.mentorships.services.tell_messages import tell_written

AN_HOUR = timedelta(hours=1)


class ThreadClosed(Conflict):
    """Nothing can be written here any more; `why` is in words on the page, with what was typed."""

    def __init__(self, why: Closed) -> None:
        super().__init__("This was not sent: nothing can be written here any more.")
        self.why = why


class TooManyMessages(RuleBroken):
    """More in an hour than anybody can read."""


def send(session: Session, writer: Writer, words: str, *, form: str) -> None:
    """`form` names the form that was sent: sent twice, it is one message. Raises ThreadClosed, TooManyMessages.

    Under the mentorship's lock: who has blocked the other one gets nothing after that.
    """
    mentorship = lock_mentorship(session, writer.mentorship.id)
    if session.scalar(select(Message.id).where(Message.public_id == form)):
        return
    closed = closed_to(session, mentorship, writer.user_id, writer.now)
    if closed is not None:
        raise ThreadClosed(closed)
    if _sent_since(session, writer, writer.now - AN_HOUR) >= MOST_AN_HOUR:
        raise TooManyMessages(
            "That is %(most)s messages within an hour. Please wait a little before the next one.", most=MOST_AN_HOUR
        )
    message = Message(public_id=form, mentorship_id=mentorship.id, by_id=writer.user_id, words=words, at=writer.now)
    session.add(message)
    session.flush()
    if writer.role is Role.MENTEE:
        wait_for_answer(session, mentorship, message)
    else:
        need_no_answer(session, mentorship.id)
    tell_written(session, mentorship, by_id=writer.user_id, now=writer.now)


def read_to(session: Session, mentorship_id: int, user_id: int, number: int) -> None:
    """They have had everything up to this message before them; it never goes back."""
    row = {"mentorship_id": mentorship_id, "user_id": user_id, "read_to": number}
    further = {"read_to": func.greatest(ThreadSide.read_to, number)}
    keys = [ThreadSide.mentorship_id, ThreadSide.user_id]
    session.execute(insert(ThreadSide).values(row).on_conflict_do_update(index_elements=keys, set_=further))


def block(session: Session, writer: Writer) -> None:
    """The other one cannot write any more, and nobody waits for an answer. Sessions stay as they are."""
    _set_block(session, writer, writer.now)
    need_no_answer(session, writer.mentorship.id)


def unblock(session: Session, writer: Writer) -> None:
    _set_block(session, writer, None)


def _set_block(session: Session, writer: Writer, at: datetime | None) -> None:
    lock_mentorship(session, writer.mentorship.id)
    row = {"mentorship_id": writer.mentorship.id, "user_id": writer.user_id, "blocked_at": at}
    keys = [ThreadSide.mentorship_id, ThreadSide.user_id]
    session.execute(insert(ThreadSide).values(row).on_conflict_do_update(index_elements=keys, set_={"blocked_at": at}))


def _sent_since(session: Session, writer: Writer, since: datetime) -> int:
    mine = (Message.mentorship_id == writer.mentorship.id, Message.by_id == writer.user_id)
    return session.scalar(select(func.count()).where(*mine, Message.at > since)) or 0
