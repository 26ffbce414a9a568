"""Reads of messages: a thread page by page, what is unread, and whether the two may write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.messages import PER_PAGE, Between, Closed, why_closed
from marketplace.mentorships.domain.states import OVER, Standing
from marketplace.mentorships.models.messages import AnswerWanted, Message, ThreadSide
from marketplace.mentorships.models.pairs import Mentorship


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of messages, the oldest first. `read_to` is where the reader was before they opened it."""

    messages: Sequence[Message]
    read_to: int
    has_earlier: bool

    def last_of(self, user_id: int) -> str:
        """The public id of somebody's last message on this page; empty if there is none."""
        return next((each.public_id for each in reversed(self.messages) if each.by_id == user_id), "")


@dataclass(frozen=True, slots=True)
class Unread:
    """`mentorships` of a person, and how many messages in them they have not had before them."""

    mentorships: int
    messages: int


def thread_of(session: Session, mentorship_id: int, user_id: int, *, before: str = "") -> Thread:
    """The newest page, or the one that ends before the message with this public id."""
    of_pair = Message.mentorship_id == mentorship_id
    wanted = select(Message).where(of_pair).order_by(Message.id.desc()).limit(PER_PAGE + 1)
    if before:
        wanted = wanted.where(
            Message.id < select(Message.id).where(of_pair, Message.public_id == before).scalar_subquery()
        )
    found = session.scalars(wanted).all()
    side = session.get(ThreadSide, (mentorship_id, user_id))
    return Thread(found[:PER_PAGE][::-1], side.read_to if side else 0, len(found) > PER_PAGE)


def unread_by(user_id: int) -> ScalarSelect[int]:
    """How many messages wait for this person in the mentorship of the statement that it stands in."""
    read_to = select(ThreadSide.read_to).where(_side_of(user_id)).correlate(Mentorship).scalar_subquery()
    waiting = and_(Message.mentorship_id == Mentorship.id, Message.by_id != user_id)
    unread = select(func.count()).where(waiting, Message.id > func.coalesce(read_to, 0))
    return unread.correlate(Mentorship).scalar_subquery()


def unread_of(session: Session, user_id: int) -> Unread:
    """Over all mentorships of a person, in one statement."""
    mine = or_(Mentorship.mentor_id == user_id, Mentorship.mentee_id == user_id)
    counted = session.scalars(select(unread_by(user_id)).where(mine)).all()
    return Unread(len(counted), sum(counted))


def unread_in(session: Session, mentorship_id: int, user_id: int) -> int:
    return session.scalars(select(unread_by(user_id)).where(Mentorship.id == mentorship_id)).one()


@dataclass(frozen=True, slots=True)
class Silence:
    """Who has waited for whom for more than five working days; what was written is nobody else's."""

    mentee: str
    mentor: str
    slug: str
    since: datetime


def silences(session: Session, limit: int = 50) -> list[Silence]:
    """Whoever has waited longest comes first."""
    mentees = aliased(User)
    rows = session.execute(
        select(mentees.name, User.name, Mentor.slug, Message.at)
        .select_from(AnswerWanted)
        .join(Mentorship, Mentorship.id == AnswerWanted.mentorship_id)
        .join(Message, Message.id == AnswerWanted.message_id)
        .join(Mentor, Mentor.id == Mentorship.mentor_id)
        .join(User, User.id == Mentor.id)
        .join(mentees, mentees.id == Mentorship.mentee_id)
        .where(AnswerWanted.next_at.is_(None), Mentorship.standing.not_in(OVER))
        .order_by(Message.at, Message.id)
        .limit(limit)
    )
    return [Silence(*row) for row in rows]


def closed_to(session: Session, mentorship: Mentorship, user_id: int, now: datetime) -> Closed | None:
    """Why this one of the two cannot write; None if they can."""
    other_id = mentorship.mentee_id if user_id == mentorship.mentor_id else mentorship.mentor_id
    blocks = select(ThreadSide.user_id).where(
        ThreadSide.mentorship_id == mentorship.id, ThreadSide.blocked_at.is_not(None)
    )
    blockers = set(session.scalars(blocks))
    return why_closed(
        Between(
            standing=Standing(mentorship.standing),
            meets=mentorship.standing == Standing.ENDED and _meet_again(session, mentorship, now),
            other_is_gone=session.get_one(User, other_id).closed_at is not None,
            i_block=user_id in blockers,
            other_blocks=other_id in blockers,
        )
    )


def _meet_again(session: Session, mentorship: Mentorship, now: datetime) -> bool:
    pair = (Booking.mentor_id == mentorship.mentor_id, Booking.mentee_id == mentorship.mentee_id)
    ahead = (Booking.status == BookingStatus.CONFIRMED, Booking.ends_at > now)
    return session.scalar(select(select(Booking.id).where(*pair, *ahead).exists())) or False


def _side_of(user_id: int) -> ColumnElement[bool]:
    return and_(ThreadSide.mentorship_id == Mentorship.id, ThreadSide.user_id == user_id)
