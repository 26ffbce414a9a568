"""Reads of programmes that were bought: what is left of them, and whom to ask how it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor
from payments.domain.states import PurchaseStatus
from payments.models.programmes import Programme, SessionBefore
from payments.models.sales import Purchase, PurchaseSession

IS_TO_BOOK = PurchaseSession.to_book & PurchaseSession.returned_at.is_(None)


@dataclass(frozen=True, slots=True)
class Bought:
    """A programme of one of its two people: how many sessions it has, and how many of them are still to be booked."""

    purchase: Purchase
    mentor: Mentor
    sessions: int
    to_book: int


@dataclass(frozen=True, slots=True)
class Course:
    """What a mentor wrote for a programme that was sold: the steps of a plan, and what is done before each session."""

    milestones: tuple[str, ...]
    pre_work: tuple[str, ...]


def programme_for(session: Session, public_id: str, user_id: int) -> tuple[Purchase, Programme]:
    """Of one of its two people, and sold. Raises NotFound, also when it is another's."""
    theirs = or_(Purchase.mentor_id == user_id, Purchase.mentee_id == user_id)
    statement = select(Purchase, Programme).join(Programme, Programme.purchase_id == Purchase.id)
    found = session.execute(
        statement.where(Purchase.public_id == public_id, Purchase.status == PurchaseStatus.SOLD, theirs)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such programme.")
    return found[0], found[1]


def lasting_of_pair(session: Session, mentor_id: int, mentee_id: int) -> list[Purchase]:
    """The programmes of a pair that have not ended, by their number: the order in which they are locked."""
    sold = (Purchase.mentor_id == mentor_id, Purchase.mentee_id == mentee_id, Purchase.status == PurchaseStatus.SOLD)
    lasting = select(Purchase).join(Programme, Programme.purchase_id == Purchase.id).where(*sold)
    return list(session.scalars(lasting.where(Programme.ended_at.is_(None)).order_by(Purchase.id)))


def goes_on(session: Session, purchase_id: int) -> bool:
    """Whether it is a programme, and has not ended."""
    lasting = select(Programme.purchase_id).where(Programme.purchase_id == purchase_id, Programme.ended_at.is_(None))
    return session.scalar(lasting) is not None


def to_go_on_with(session: Session, mentee_id: int) -> list[Bought]:
    """Those of which something is still to be booked, in the order in which they were bought."""
    counts = (
        select(
            PurchaseSession.purchase_id,
            func.count().label("sessions"),
            func.count().filter(IS_TO_BOOK).label("to_book"),
        )
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .where(Purchase.mentee_id == mentee_id, Purchase.status == PurchaseStatus.SOLD)
        .group_by(PurchaseSession.purchase_id)
        .having(func.count().filter(IS_TO_BOOK) > 0)
        .subquery()
    )
    rows = session.execute(
        select(Purchase, Mentor, counts.c.sessions, counts.c.to_book)
        .join(counts, counts.c.purchase_id == Purchase.id)
        .join(Mentor, Mentor.id == Purchase.mentor_id)
        .options(joinedload(Mentor.user))
        .order_by(Purchase.sold_at, Purchase.id)
    )
    return [Bought(*row) for row in rows]


def is_still_bought(part: PurchaseSession, booking_id: int) -> bool:
    """Whether the session of that booking, which was called off, can be booked again."""
    return part.booking_id == booking_id and part.to_book and part.returned_at is None


def sessions_of(session: Session, purchase_id: int) -> list[tuple[PurchaseSession, Booking | None]]:
    """In their order, each with its booking, if it has one."""
    statement = (
        select(PurchaseSession, Booking)
        .outerjoin(Booking, Booking.id == PurchaseSession.booking_id)
        .where(PurchaseSession.purchase_id == purchase_id)
        .order_by(PurchaseSession.position)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def left_of(session: Session, purchase_id: int) -> int:
    """How many of its sessions are still to be booked."""
    count = select(func.count()).where(PurchaseSession.purchase_id == purchase_id, IS_TO_BOOK)
    return session.scalar(count) or 0


def last_booked(session: Session, purchase_id: int) -> datetime:
    """When the last of its sessions that stands ends, or when it was sold."""
    ends = select(func.max(Booking.ends_at)).join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
    stands = (PurchaseSession.purchase_id == purchase_id) & Booking.status.in_(OCCUPYING)
    last = session.scalar(ends.where(stands))
    sold_at: datetime | None = last or session.scalar(select(Purchase.sold_at).where(Purchase.id == purchase_id))
    assert sold_at is not None, "only what is sold has sessions to be booked"
    return sold_at


def to_ask(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Purchases whose two people may have to be asked how it goes on."""
    due = select(Programme.purchase_id).where(Programme.ask_at <= now).order_by(Programme.ask_at)
    return list(session.scalars(due.limit(limit)))


def courses_of_pair(session: Session, mentor_id: int, mentee_id: int) -> list[Course]:
    """As they were sold to this mentee by this mentor; the newest first."""
    sold = (Purchase.mentor_id == mentor_id) & (Purchase.mentee_id == mentee_id)
    statement = (
        select(Programme)
        .join(Purchase, Purchase.id == Programme.purchase_id)
        .where(sold, Purchase.status == PurchaseStatus.SOLD)
        .order_by(Purchase.sold_at.desc(), Purchase.id.desc())
    )
    return [Course(*_lines(each)) for each in session.scalars(statement)]


def _lines(programme: Programme) -> Iterable[tuple[str, ...]]:
    return (tuple(text.splitlines()) for text in (programme.milestones, programme.pre_work))


def purchase_id_of(session: Session, booking_id: int) -> int | None:
    """Of a booking, also of one in whose place another was made."""
    now = select(PurchaseSession.purchase_id).where(PurchaseSession.booking_id == booking_id)
    before = select(SessionBefore.purchase_id).where(SessionBefore.booking_id == booking_id)
    return session.scalar(now.union_all(before))
