"""The page on which somebody chooses another time for a session: its mentor's free times, the session left out. The
mentee moves it there; the mentor proposes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.domain.boundaries import BEYOND_EVERY_HORIZON
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.policy import CancellationPolicy
from booking.domain.slots import Slot
from booking.domain.zones import Zones
from booking.models.bookings import Booking
from booking.queries.bookings import diary, envelope_of
from booking.queries.moves import to_answer
from booking.services.move import require_ahead_to_move
from booking.services.propose import require_nothing_proposed
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import NotAllowed
from marketplace.mentors.models import Mentor
from marketplace.pages.asked import Asked
from marketplace.pages.mentor_page import why_closed
from marketplace.pages.queries import session_of, sold_as
from marketplace.pages.times import Times, times_of
from payments.models.sales import Purchase
from payments.services.move import movable_until, require_movable
from payments.words.withdrawal import sale_policy_words


@dataclass(frozen=True, slots=True)
class MovePage:
    """`until` is the last instant at which it may be moved; `closed` says why there are no times to choose from.
    `policy` is what cancelling gives back at the time that is chosen; empty where nothing was paid, and `limit_passed`
    says that it would be less than all from the first moment on. `until` is None for a mentor, and while the mentor has
    proposed another time."""

    booking: Booking
    zones: Zones
    purchase: Purchase
    asked: Asked
    is_mentees: bool
    until: datetime | None
    closed: str
    times: Times | None
    policy: str
    limit_passed: bool

    @property
    def mentor(self) -> Mentor:
        return self.booking.mentor

    @property
    def other(self) -> User:
        return self.booking.mentor.user if self.is_mentees else self.booking.mentee

    @property
    def other_zone(self) -> ZoneInfo:
        """Of the mentor, where they are on the day that is chosen."""
        if not self.is_mentees:
            return self.booking.mentee.tz
        return self.zones.on(self.times.chosen.day) if self.times and self.times.chosen else self.booking.tz

    def link(self, anchor: str = "when", **choice: Any) -> str:
        """This page with another choice, in the zone that was asked for."""
        kept = {"public_id": self.booking.public_id, "zone": self.asked.zone}
        return url_for("pages.move" if self.is_mentees else "pages.propose", **{**kept, **choice}, _anchor=anchor)


def session_to_move(session: Session, public_id: str, user_id: int) -> Booking:
    """With both people loaded. Raises NotFound, and NotAllowed for the mentor of it."""
    booking = session_of(session, public_id, user_id)
    if booking.mentee_id != user_id:
        raise NotAllowed("Only the mentee moves a session.")
    return booking


def session_to_propose_for(session: Session, public_id: str, user_id: int) -> Booking:
    """With both people loaded. Raises NotFound, and NotAllowed for the mentee of it."""
    booking = session_of(session, public_id, user_id)
    if booking.mentor_id != user_id:
        raise NotAllowed("Only the mentor proposes another time; you can move the session yourself.")
    return booking


def move_page(
    session: Session, booking: Booking, asked: Asked, zone: ZoneInfo, settings: Settings, now: datetime
) -> MovePage:
    """For the mentee. Nothing is locked: who moves is judged again. Raises AlreadyCancelled, NotMovable."""
    purchase = _purchase(session, booking)
    require_movable(session, purchase, booking, now)
    found, slots = _offered(session, booking, settings, now, mentee_asks=True)
    closed = why_closed(
        booking.mentor,
        slots,
        minutes=booking.minutes,
        has_hours=bool(found.schedule.usual_week),
        found=found,
        settings=settings,
        now=now,
    )
    asked = _elsewhere(asked, booking, zone)
    times = None if closed else times_of(found, slots, asked, zone, minutes=booking.minutes, now=now)
    until = None if to_answer(session, booking.id, now) else movable_until(purchase, booking)
    return MovePage(
        booking, found.schedule.zones, purchase, asked, True, until, closed, times, *_limit(purchase, times, zone, now)
    )


def propose_page(
    session: Session, booking: Booking, asked: Asked, zone: ZoneInfo, settings: Settings, now: datetime
) -> MovePage:
    """For the mentor. Raises AlreadyCancelled, NotMovable, ProposedAlready."""
    require_ahead_to_move(booking, now)
    require_nothing_proposed(session, booking, now)
    found, slots = _offered(session, booking, settings, now, mentee_asks=False)
    asked = _elsewhere(asked, booking, zone)
    times = times_of(found, slots, asked, zone, minutes=booking.minutes, now=now) if slots else None
    closed = "" if slots else _("None of your working hours is free for it.")
    return MovePage(
        booking,
        found.schedule.zones,
        _purchase(session, booking),
        asked,
        False,
        None,
        closed,
        times,
        "",
        limit_passed=False,
    )


def _purchase(session: Session, booking: Booking) -> Purchase:
    sold = sold_as(session, booking.id)
    assert sold is not None, "what is booked was bought, be it for nothing"
    return sold[0]


def _offered(
    session: Session, booking: Booking, settings: Settings, now: datetime, *, mentee_asks: bool
) -> tuple[Diary, list[Slot]]:
    """The times that it could be at instead."""
    around = Interval(now, now + BEYOND_EVERY_HORIZON)
    found = diary(
        session,
        mentor_id=booking.mentor_id,
        mentee_id=booking.mentee_id,
        around=around,
        envelope=envelope_of(settings),
        without=[booking.id],
        mentee_asks=mentee_asks,
    )
    offered = found.bookable(minutes=booking.minutes, window=around, now=now)
    return found, [slot for slot in offered if slot.start != booking.starts_at]


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
    return sale_policy_words(purchase, start, zone, now), passed
