"""Reads of what was reported, for those who run the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import User
from marketplace.mentorships.models.messages import Message
from marketplace.mentorships.models.reviews import Report, Review


@dataclass(frozen=True, slots=True)
class Line:
    """A report in a list: between whom, without what was written."""

    report: Report
    by: str
    about: str


def open_reports(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Report).where(Report.settled_at.is_(None))) or 0


def report_lines(session: Session, *, offset: int, limit: int) -> Sequence[Line]:
    """What is open first, then by age."""
    about = aliased(User)
    rows = session.execute(
        select(Report, User.name, about.name)
        .join(User, User.id == Report.by_id)
        .join(about, about.id == Report.about_id)
        .order_by(Report.settled_at.is_not(None), Report.at, Report.id)
        .offset(offset)
        .limit(limit)
    )
    return [Line(*row) for row in rows]


def reported_words(session: Session, report: Report) -> str:
    """The one message or review that was reported, and nothing around it; empty if it is about neither."""
    if report.message_id is not None:
        return session.get_one(Message, report.message_id).words
    return session.get_one(Review, report.review_id).words if report.review_id is not None else ""
