"""What the pages read beside the features' own queries: always a bounded number of rows in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from booking.domain.states import CANCELLED, TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.extending import Extension, extension
from payments.models.programmes import SessionBefore
from payments.models.sales import Payment, Purchase, PurchaseSession

PAST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class HeldTime:
    """The time that a mentee holds while paying, the first if it is a series; `purchase` is the purchase's public
    id."""

    purchase: str
    title: str
    mentor_id: int
    mentor_name: str
    starts_at: datetime
    ends_at: datetime
    held_until: datetime
    zone: ZoneInfo
    gross: Money
    extend: Extension
    sessions: int


def held_time(session: Session, mentee_id: int, now: datetime) -> HeldTime | None:
    made = select(func.count()).where(Payment.purchase_id == Purchase.id).scalar_subquery()
    part = aliased(PurchaseSession)
    of_sale = select(func.count()).where(part.purchase_id == Purchase.id, part.booking_id.is_not(None))
    row = session.execute(
        select(Booking, Purchase, User.name, made, of_sale.scalar_subquery())
        .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .join(User, User.id == Booking.mentor_id)
        .where(Booking.mentee_id == mentee_id, Booking.status == BookingStatus.HELD, Booking.held_until > now)
        .order_by(Booking.starts_at)
        .limit(1)
    ).first()
    if row is None:
        return None
    booking, purchase, name, sessions_made, sessions = row
    assert booking.held_until is not None  # constraint a_hold_ends
    return HeldTime(
        purchase=purchase.public_id,
        title=booking.title,
        mentor_id=booking.mentor_id,
        mentor_name=name,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        held_until=booking.held_until,
        zone=booking.tz,
        gross=purchase.gross,
        extend=extension(sessions_made=sessions_made, held_until=booking.held_until, now=now),
        sessions=sessions,
    )


def upcoming_sessions(session: Session, mentee_id: int, now: datetime) -> list[Booking]:
    """Confirmed ones that are not over, and those whose payment is on its way; the next one first."""
    ahead = Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.AWAITING_PAYMENT]) & (Booking.ends_at > now)
    statement = _with_mentor().where(Booking.mentee_id == mentee_id, ahead).order_by(Booking.starts_at)
    return list(session.scalars(statement))


def past_sessions(session: Session, mentee_id: int, now: datetime) -> list[Booking]:
    """Those that took place or were cancelled, the last one first, at most `PAST_SHOWN`."""
    over = (Booking.status == BookingStatus.CONFIRMED) & (Booking.ends_at <= now)
    done = or_(over, Booking.status.in_(TOOK_PLACE | CANCELLED))
    statement = _with_mentor().where(Booking.mentee_id == mentee_id, done)
    return list(session.scalars(statement.order_by(Booking.starts_at.desc()).limit(PAST_SHOWN)))


def _with_mentor() -> Select[Booking]:
    return select(Booking).options(joinedload(Booking.mentor).joinedload(Mentor.user))


def session_of(session: Session, public_id: str, user_id: int) -> Booking:
    """With both people loaded. Raises NotFound, also when it is another's."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    statement = _with_mentor().options(joinedload(Booking.mentee)).where(Booking.public_id == public_id, theirs)
    booking = session.scalar(statement)
    if booking is None:
        raise NotFound("There is no such session.")
    return booking


def sold_as(session: Session, booking_id: int) -> tuple[Purchase, PurchaseSession] | None:
    """The purchase that the session is part of, and its own row there, be it another session's by now."""
    now = select(PurchaseSession.purchase_id, PurchaseSession.position).where(PurchaseSession.booking_id == booking_id)
    before = select(SessionBefore.purchase_id, SessionBefore.position).where(SessionBefore.booking_id == booking_id)
    row = session.execute(
        select(Purchase, PurchaseSession)
        .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
        .where(tuple_(PurchaseSession.purchase_id, PurchaseSession.position).in_(now.union_all(before)))
    ).first()
    return None if row is None else (row[0], row[1])
