"""What one of the two will do: noted, done, taken up again, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound, RuleBroken
from marketplace.mentorships.domain.sessions import MOST_ACTIONS
from marketplace.mentorships.models.sessions import ActionItem
from marketplace.mentorships.services.once import write_once
from marketplace.mentorships.services.papers import Writer


class TooManyActions(RuleBroken):
    """A list that nobody can see the end of helps nobody."""


@dataclass(frozen=True, slots=True)
class Intent:
    """`booking_id` is the session that it is to be done before."""

    words: str
    owner_id: int
    cue: str = ""
    due: date | None = None
    booking_id: int | None = None


def intend(session: Session, writer: Writer, intent: Intent, *, form: str) -> None:
    """`form` names the form that was sent: sent twice, it is noted once. Raises TooManyActions."""
    open_ones = (ActionItem.mentorship_id == writer.mentorship.id, ActionItem.done_at.is_(None))
    if (session.scalar(select(func.count()).where(*open_ones)) or 0) >= MOST_ACTIONS:
        raise TooManyActions("There are %(most)s things to do already. Do one of them first.", most=MOST_ACTIONS)
    row = {
        "mentorship_id": writer.mentorship.id,
        "owner_id": intent.owner_id,
        "booking_id": intent.booking_id,
        "words": intent.words,
        "cue": intent.cue,
        "due": intent.due,
        "made_by_id": writer.user_id,
        "made_at": writer.now,
    }
    write_once(session, ActionItem, form, row)


def mark(session: Session, writer: Writer, public_id: str, *, done: bool) -> None:
    """Done again is done since the first time. Raises NotFound for another pair's."""
    item = _action(session, writer, public_id)
    if done:
        item.done_at = item.done_at or writer.now
    else:
        item.done_at = None
    session.flush()


def remove(session: Session, writer: Writer, public_id: str) -> None:
    session.delete(_action(session, writer, public_id))
    session.flush()


def _action(session: Session, writer: Writer, public_id: str) -> ActionItem:
    found = session.scalars(
        select(ActionItem)
        .where(ActionItem.public_id == public_id, ActionItem.mentorship_id == writer.mentorship.id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("This is not on the list any more.")
    return found
