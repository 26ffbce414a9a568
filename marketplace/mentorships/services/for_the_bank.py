"""What the two wrote to each other, chosen by one of them for a bank that disputes the payment of a session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.mentorships.domain.sessions import STEPS
from marketplace.mentorships.models.messages import Message
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.sessions import SessionNote
from payments.domain.attachments import AttachedKind, Piece
from payments.services.attachments import attach_words

NEWEST = 200
"""So many messages are offered."""


def attach_chosen(
    session: Session, pair: Mentorship, booking: Booking, chosen: Iterable[str], *, person_id: int, now: datetime
) -> None:
    """`chosen` are names of what `pieces_of` offers; others are nothing. Raises NothingToAttach, TooMuchAttached."""
    wanted = set(chosen)
    pieces = [each for each in pieces_of(session, pair, booking) if each.source in wanted]
    attach_words(session, booking.id, pieces, person_id=person_id, now=now)


def pieces_of(session: Session, pair: Mentorship, booking: Booking) -> list[Piece]:
    """What both may read, and either may let a bank read: the shared notes of the session, and their messages, the
    newest first. What somebody wrote for themselves is nobody's to show."""
    shared = _shared_notes(session, booking)
    notes = [Piece(AttachedKind.NOTES, f"notes-{booking.id}", shared)] if shared else []
    of_pair = select(Message).where(Message.mentorship_id == pair.id)
    messages = session.scalars(of_pair.order_by(Message.id.desc()).limit(NEWEST))
    return notes + [
        Piece(AttachedKind.MESSAGE, f"message-{each.public_id}", each.words, each.by_id, each.at) for each in messages
    ]


def _shared_notes(session: Session, booking: Booking) -> str:
    """Step by step, without the names of the steps: a bank reads what was written."""
    of_session = (SessionNote.booking_id == booking.id, SessionNote.part.in_(STEPS), SessionNote.words != "")
    by_part = {each.part: each.words for each in session.scalars(select(SessionNote).where(*of_session))}
    return "\n\n".join(by_part[part] for part in STEPS if part in by_part)
