"""Reads about what became of sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from booking.domain.outcomes import MISSED_AFTER, Decision, Facts, Outcome, Side, outcome, waits_for_answer_of
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.claims import BookingClaim
from marketplace.mentors.models import Mentor

OPEN = Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.COMPLETED]) & Booking.settled_at.is_(None)
"""As a condition on bookings: it is not final yet what becomes of them."""


def claims_of(session: Session, booking_id: int) -> list[BookingClaim]:
    """In the order in which they were said."""
    said = select(BookingClaim).where(BookingClaim.booking_id == booking_id)
    return list(session.scalars(said.order_by(BookingClaim.said_at, BookingClaim.id)))


def facts_of(booking: Booking, claims: Iterable[BookingClaim]) -> Facts:
    decision = None if booking.decision is None else Decision(booking.decision)
    return Facts(booking.starts_at, booking.ends_at, tuple(each.claim for each in claims), decision)


def outcome_of(session: Session, booking: Booking, now: datetime) -> Outcome:
    """As it is now, whether a sweep has written it down or not."""
    return outcome(facts_of(booking, claims_of(session, booking.id)), now)


def to_bring_forward(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Sessions that are over, and those of which nobody has said anything more in time."""
    over = select(Booking.id).where(Booking.status == BookingStatus.CONFIRMED, Booking.ends_at <= now)
    silent = select(Booking.id).where(Booking.settle_at <= now)
    found = [
        *session.scalars(over.order_by(Booking.ends_at).limit(limit)),
        *session.scalars(silent.order_by(Booking.settle_at).limit(limit)),
    ]
    return found[:limit]


def waiting_for_operator(session: Session, now: datetime) -> list[Booking]:
    """Both were heard, and they do not agree; the one that waits longest first. With both people loaded."""
    found = _open_with_claims(session, or_(Booking.settle_at.is_(None), Booking.settle_at <= now))
    return [booking for booking, facts in found if outcome(facts, now).waits_for_operator]


def waiting_for_answer(session: Session, user_id: int, now: datetime) -> list[tuple[Booking, Facts]]:
    """Sessions about which the other one has said something, and this person can still say something to it."""
    theirs = or_(Booking.mentor_id == user_id, Booking.mentee_id == user_id)
    return [
        (booking, facts)
        for booking, facts in _open_with_claims(session, theirs & (Booking.starts_at <= now - MISSED_AFTER))
        if waits_for_answer_of(facts, side_of(booking, user_id), now)
    ]


def side_of(booking: Booking, user_id: int) -> Side:
    return Side.MENTEE if booking.mentee_id == user_id else Side.MENTOR


def _open_with_claims(session: Session, which: object) -> list[tuple[Booking, Facts]]:
    rows = session.execute(
        select(Booking, BookingClaim)
        .join(BookingClaim, BookingClaim.booking_id == Booking.id)
        .options(joinedload(Booking.mentor).joinedload(Mentor.user), joinedload(Booking.mentee))
        .where(OPEN, which)  # type: ignore[arg-type]
        .order_by(Booking.ends_at, Booking.id, BookingClaim.said_at, BookingClaim.id)
    ).all()
    said: defaultdict[Booking, list[BookingClaim]] = defaultdict(list)
    for booking, claim in rows:
        said[booking].append(claim)
    return [(booking, facts_of(booking, claims)) for booking, claims in said.items()]
