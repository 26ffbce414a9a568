"""What somebody reports, and what becomes of it. Who runs the site reads that one message or review, and the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.audit import note
from marketplace.core.errors import NotFound
from marketplace.mentorships.models.messages import Message
from marketplace.mentorships.models.reviews import Report, Review
from marketplace.mentorships.queries.reviews import reviews_of
from marketplace.mentorships.services.papers import Writer


@dataclass(frozen=True, slots=True)
class About:
    """Public ids; neither means how the other one writes at all."""

    message: str = ""
    review: str = ""


def report(session: Session, writer: Writer, about: About, reason: str, *, form: str) -> None:
    """`form` names the form that was sent: sent twice, it is one report. Raises NotFound for what they cannot read,
    or wrote themselves."""
    if session.scalar(select(Report.id).where(Report.public_id == form)):
        return
    row = Report(public_id=form, mentorship_id=writer.mentorship.id, by_id=writer.user_id, reason=reason, at=writer.now)
    row.about_id = _other(writer)
    if about.message:
        row.message_id = message_to_report(session, writer, about.message).id
    elif about.review:
        row.review_id = review_to_report(session, writer, about.review).id
    session.add(row)
    session.flush()
    note(
        session,
        "mentorships:reported",
        now=writer.now,
        actor_id=writer.user_id,
        about_id=row.about_id,
        subject=row.public_id,
    )


def message_to_report(session: Session, writer: Writer, public_id: str) -> Message:
    theirs = (Message.mentorship_id == writer.mentorship.id, Message.by_id != writer.user_id)
    found = session.scalars(select(Message).where(Message.public_id == public_id, *theirs)).one_or_none()
    if found is None:
        raise NotFound("There is no such message.")
    return found


def review_to_report(session: Session, writer: Writer, public_id: str) -> Review:
    found = reviews_of(session, writer.mentorship, writer.user_id, writer.now).theirs
    if found is None or found.public_id != public_id:
        raise NotFound("There is no such review.")
    return found


def open_report(session: Session, public_id: str, *, by_id: int, now: datetime) -> Report:
    """For who runs the site; that they have read it stands in the log. Raises NotFound."""
    row = session.scalars(select(Report).where(Report.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such report.")
    note(session, "mentorships:read_report", now=now, actor_id=by_id, about_id=row.about_id, subject=public_id)
    return row


def settle(session: Session, public_id: str, why: str, *, hides: bool, by_id: int, now: datetime) -> None:
    """Once; `hides` takes a reported review off every page."""
    locking = select(Report).where(Report.public_id == public_id).with_for_update()
    row = session.scalars(locking, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        raise NotFound("There is no such report.")
    if row.settled_at is not None:
        return
    row.settled_at = now
    deed = "mentorships:settled_report"
    if hides and row.review_id is not None:
        session.get_one(Review, row.review_id).hidden_at = now
        deed = "mentorships:hid_review"
    note(session, deed, now=now, actor_id=by_id, about_id=row.about_id, subject=public_id, reason=why)


def _other(writer: Writer) -> int:
    pair = writer.mentorship
    return pair.mentee_id if writer.user_id == pair.mentor_id else pair.mentor_id
