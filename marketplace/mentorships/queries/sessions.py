"""Reads of what is written down around sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.domain.states import TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking
from marketplace.core.errors import NotFound
from marketplace.mentorships.domain.sessions import STEPS, Part, own_part
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.sessions import ActionItem, CheckIn, HeardAnswer, NoteAside, SessionNote
from marketplace.offerings.models import Offering, OfferingKind


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session of a pair; of one that is only for listening nothing is measured."""

    booking: Booking
    mentorship: str
    """The public id."""
    is_listening: bool


def meeting_of(session: Session, public_id: str, user_id: int) -> Meeting:
    """For the two people of a session that stands or took place. Raises NotFound otherwise."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    pair = (Mentorship.mentor_id == Booking.mentor_id) & (Mentorship.mentee_id == Booking.mentee_id)
    row = session.execute(
        select(Booking, Mentorship.public_id, Offering.kind)
        .join(Mentorship, pair)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.public_id == public_id, theirs)
        .where(Booking.status.in_([BookingStatus.CONFIRMED, *TOOK_PLACE]))
    ).first()
    if row is None:
        raise NotFound("There is no such session.")
    booking, mentorship, kind = row
    return Meeting(booking, mentorship, kind == OfferingKind.LISTENING)


@dataclass(frozen=True, slots=True)
class Notes:
    """What one of the two may read of a session."""

    by_part: Mapping[str, SessionNote]
    asides: Sequence[NoteAside]

    def words(self, part: Part) -> str:
        return self.by_part[part].words if part in self.by_part else ""

    def version(self, part: Part) -> int:
        return self.by_part[part].version if part in self.by_part else 0

    def beside(self, part: Part) -> list[NoteAside]:
        return [each for each in self.asides if each.part == part]

    @property
    def is_empty(self) -> bool:
        return not any(note.words for note in self.by_part.values())


def notes_of(session: Session, booking_id: int, role: Role) -> Notes:
    """The shared ones and the reader's own; never the other one's own."""
    readable = [*STEPS, own_part(role)]
    notes = session.scalars(
        select(SessionNote).where(SessionNote.booking_id == booking_id, SessionNote.part.in_(readable))
    )
    asides = session.scalars(
        select(NoteAside)
        .where(NoteAside.booking_id == booking_id, NoteAside.part.in_(readable))
        .order_by(NoteAside.at, NoteAside.form)
    )
    return Notes({note.part: note for note in notes}, asides.all())


def shared_notes_of(session: Session, mentorship: Mentorship) -> list[tuple[Booking, SessionNote]]:
    """Of all sessions of a pair, in their order."""
    pair = (Booking.mentor_id == mentorship.mentor_id, Booking.mentee_id == mentorship.mentee_id)
    shared = (SessionNote.part.in_(STEPS), SessionNote.words != "")
    rows = session.execute(
        select(Booking, SessionNote)
        .join(SessionNote, SessionNote.booking_id == Booking.id)
        .where(*pair, *shared)
        .order_by(Booking.starts_at, Booking.id)
    )
    order = {step: number for number, step in enumerate(STEPS)}
    found = [(booking, note) for booking, note in rows]
    return sorted(found, key=lambda each: (each[0].starts_at, each[0].id, order[Part(each[1].part)]))


def actions_of(session: Session, mentorship_id: int) -> list[ActionItem]:
    """What is open by its day, then what is done, the last first."""
    found = session.scalars(select(ActionItem).where(ActionItem.mentorship_id == mentorship_id)).all()
    open_ones = [each for each in found if each.done_at is None]
    done = [each for each in found if each.done_at is not None]
    by_day = sorted(open_ones, key=lambda each: (each.due or date.max, each.id))
    return by_day + sorted(done, key=_done_at, reverse=True)


def _done_at(action: ActionItem) -> tuple[datetime, int]:
    assert action.done_at is not None
    return action.done_at, action.id


def check_ins_of(session: Session, mentorship_id: int) -> list[CheckIn]:
    of_pair = CheckIn.mentorship_id == mentorship_id
    return list(session.scalars(select(CheckIn).where(of_pair).order_by(CheckIn.week)))


def heard_answer(session: Session, booking_id: int) -> HeardAnswer | None:
    return session.get(HeardAnswer, booking_id)
