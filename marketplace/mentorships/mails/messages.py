"""How letters about messages and reviews are worded. What was written is never in them: mail is read in many places."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.clock import utcnow
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.mentorships.models.messages import AnswerWanted, Message, ThreadSide
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.queries.messages import unread_in
from marketplace.mentorships.queries.reviews import reviews_of
from marketplace.mentorships.services.tell_messages import REVIEW, UNANSWERED, WRITTEN, reached_at


@mail.times(REVIEW)
@mail.times(WRITTEN)
def may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reached_at(session, mentorship_of(session, row.key), row.user_id, now)


@mail.writes(WRITTEN)
def message_letter(session: Session, row: MailRow) -> Letter | None:
    """None once the reader has been there, or wants no messages."""
    mentorship, reader = mentorship_of(session, row.key), session.get_one(User, row.user_id)
    side = session.get(ThreadSide, (mentorship.id, reader.id))
    unread = unread_in(session, mentorship.id, reader.id)
    if not unread or (side and (side.read_to != row.sequence or side.blocked_at)):
        return None
    other = other_of(session, mentorship, reader)
    lines = [
        ngettext(
            "%(name)s has written you a message.", "%(name)s has written you %(num)s messages.", unread, name=other.name
        ),
        _("You read it on the site: what you write to each other is not sent by mail."),
    ]
    page = link("mentorships.messages", public_id=mentorship.public_id) + "#reply"
    subject = _("A message from %(name)s", name=other.name)
    return letter(reader, subject, lines, page, _("Read it and answer"))


@mail.times(UNANSWERED)
def asking_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reached_at(session, mentorship_of(session, str(row.arguments["mentorship"])), row.user_id, now)


@mail.writes(UNANSWERED)
def asking_letter(session: Session, row: MailRow) -> Letter | None:
    """None once it is answered."""
    mentorship, reader = mentorship_of(session, str(row.arguments["mentorship"])), session.get_one(User, row.user_id)
    message = session.execute(select(Message).where(Message.public_id == row.key)).scalar_one()
    waiting = session.get(AnswerWanted, mentorship.id)
    if waiting is None or waiting.message_id != message.id:
        return None
    other, day = other_of(session, mentorship, reader), formats.long_day(message.at, reader.zone)
    if reader.id == mentorship.mentor_id:
        subject = _("%(name)s is waiting for an answer", name=other.name)
        lines = [
            _("%(name)s wrote to you on %(day)s, and two of your working days have passed.", name=other.name, day=day),
            _("A line is enough, also one that says when you will answer. We do not ask again."),
        ]
        label = _("Read it and answer")
    else:
        subject = _("We have asked %(name)s for an answer", name=other.name)
        lines = [
            _("You wrote to %(name)s on %(day)s, and two working days have passed.", name=other.name, day=day),
            _("We have asked for an answer. If there is none after five, whoever runs this site sees that you wait."),
        ]
        label = _("See your messages")
    page = link("mentorships.messages", public_id=mentorship.public_id) + "#reply"
    return letter(reader, subject, lines, page, label)


@mail.writes(REVIEW)
def review_letter(session: Session, row: MailRow) -> Letter | None:
    """None for who has written already, or cannot any more."""
    mentorship, reader = mentorship_of(session, row.key), session.get_one(User, row.user_id)
    known, other = reviews_of(session, mentorship, reader.id, utcnow()), other_of(session, mentorship, reader)
    if known.mine is not None or not known.may_write or other.closed_at is not None:
        return None
    if reader.id == mentorship.mentee_id:
        what = _("A few words on how %(name)s works help the next person to choose.", name=other.name)
    else:
        what = _("A few words on %(name)s are read by them, and by mentors whom they book.", name=other.name)
    blind = _("Neither of you reads the other one’s before both are written, or seven days after the first.")
    page = link("mentorships.review", public_id=mentorship.public_id)
    subject = _("How was it with %(name)s?", name=other.name)
    lines = [what, blind, _("We ask this once.")]
    return letter(reader, subject, lines, page, _("Write a few words"))


def letter(reader: User, subject: str, lines: list[str], page: str, label: str, *, stop: str = "") -> Letter:
    """`stop` is where the reader says that they want no more letters of this kind, if they can."""
    words = {"reader": reader, "lines": lines, "page": page, "label": label, "stop": stop}
    return written("mentorships_lines", to=reader.email, subject=subject, **words)


def mentorship_of(session: Session, public_id: str) -> Mentorship:
    return session.execute(select(Mentorship).where(Mentorship.public_id == public_id)).scalar_one()


def other_of(session: Session, mentorship: Mentorship, reader: User) -> User:
    return session.get_one(User, mentorship.mentee_id if reader.id == mentorship.mentor_id else mentorship.mentor_id)
