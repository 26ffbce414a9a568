"""Saying whether two people fit, each for themselves; and the one letter that asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core import mail
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.fit import Answers, Item
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.queries.fit import Due, to_ask
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.telling import reached_at

ASKED = "mentorships:fit"


def say_fit(session: Session, writer: Writer, number: int, answers: Answers | None) -> None:
    """None: they would rather not, and are not asked again after that session. The first word stands."""
    said = {str(item): answers[item] if answers else None for item in Item}
    row = {"mentorship_id": writer.mentorship.id, "number": number, "by_id": writer.user_id, "at": writer.now, **said}
    session.execute(insert(FitCheck).values(row).on_conflict_do_nothing())


def ask_both(session: Session, now: datetime) -> None:
    """By one letter each, once for each session after which they are asked."""
    due = {key_of(each): each for each in to_ask(session, now)}
    known = session.scalars(select(MailRow.key).where(MailRow.fact == ASKED, MailRow.key.in_(due)))
    for key in due.keys() - set(known):
        pair = due[key].mentorship
        for user_id in (pair.mentee_id, pair.mentor_id):
            at = reached_at(session, pair, user_id, now)
            mail.post(session, ASKED, key=key, user_id=user_id, now=now, due_at=at, mentorship=pair.public_id)


def key_of(due: Due) -> str:
    return f"{due.mentorship.public_id}-{due.number}"
