"""The page on which a mentee chooses another time for a session: its mentor's free times, the session left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from booking.domain.boundaries import BEYOND_EVERY_HORIZON
from booking.domain.intervals import Interval
from booking.domain.policy import CancellationPolicy
from booking.models import Booking
from booking.queries import diary, envelope_of
from booking.words import policy_words
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import NotAllowed
from marketplace.mentors.models import Mentor
from marketplace.pages.asked import Asked
from marketplace.pages.mentor_page import why_closed
from marketplace.pages.queries import session_of, sold_as
from marketplace.pages.times import Times, times_of
from payments.models import Purchase
from payments.services.move import movable_until, require_movable


@dataclass(frozen=True, slots=True)
class MovePage:
    """`until` is the last instant at which it may be moved; `closed` says why there are no times to choose from.
    `policy` is what cancelling gives back at the time that is chosen; empty where nothing was paid, and `limit_passed`
    says that it would be less than all from the first moment on."""

    booking: Booking
    purchase: Purchase
    asked: Asked
    until: datetime
    closed: str
    times: Times | None
    policy: str
    limit_passed: bool

    @property
    def mentor(self) -> Mentor:
        return self.booking.mentor

    @property
    def other(self) -> User:
        return self.booking.mentor.user

    def link(self, anchor: str = "when", **choice: Any) -> str:
        """This page with another choice, in the zone that was asked for."""
        kept = {"public_id": self.booking.public_id, "zone": self.asked.zone}
        return url_for("pages.move", **{**kept, **choice}, _anchor=anchor)


def session_to_move(session: Session, public_id: str, user_id: int) -> Booking:
    """With both people loaded. Raises NotFound, and NotAllowed for the mentor of it."""
    booking = session_of(session, public_id, user_id)
    if booking.mentee_id != user_id:
        raise NotAllowed("Only the mentee moves a session.")
    return booking


def move_page(
    session: Session, booking: Booking, asked: Asked, zone: ZoneInfo, settings: Settings, now: datetime
) -> MovePage:
    """Nothing is locked: who moves is judged again. Raises AlreadyCancelled, NotMovable."""
    sold = sold_as(session, booking.id)
    assert sold is not None, "what is booked was bought, be it for nothing"
    purchase, _ = sold
    require_movable(purchase, booking, now)
    envelope, around = envelope_of(settings), Interval(now, now + BEYOND_EVERY_HORIZON)
    people = {"mentor_id": booking.mentor_id, "mentee_id": booking.mentee_id}
    found = diary(session, **people, around=around, envelope=envelope, without=booking.id)
    offered = found.bookable(minutes=booking.minutes, window=around, now=now)
    slots = [slot for slot in offered if slot.start != booking.starts_at]
    closed = why_closed(
        booking.mentor,
        slots,
        has_offers=True,
        has_hours=bool(found.schedule.weekly),
        found=found,
        settings=settings,
        now=now,
    )
    asked = _elsewhere(asked, booking, zone)
    times = None if closed else times_of(found, slots, asked, zone, minutes=booking.minutes, now=now)
    return MovePage(
        booking, purchase, asked, movable_until(purchase, booking), closed, times, *_limit(purchase, times, zone, now)
    )


def _elsewhere(asked: Asked, booking: Booking, zone: ZoneInfo) -> Asked:
    """Where it is already is no choice: only that day opens."""
    if asked.start != booking.starts_at:
        return asked
    return replace(asked, start=None, day=asked.day or booking.starts_at.astimezone(zone).date())


def _limit(purchase: Purchase, times: Times | None, zone: ZoneInfo, now: datetime) -> tuple[str, bool]:
    if times is None or times.chosen is None or not purchase.gross_minor:
        return "", False
    start = times.chosen.start
    passed = now > CancellationPolicy.named(purchase.policy).free_until(start)
    return policy_words(purchase.policy, start, zone, now), passed
