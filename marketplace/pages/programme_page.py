"""A programme that was bought, as its two people see it; and the page on which its mentee books the next session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.domain.boundaries import BEYOND_EVERY_HORIZON
from booking.domain.intervals import Interval
from booking.domain.zones import Zones
from booking.models.bookings import Booking
from booking.queries.bookings import diary, envelope_of
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import NotAllowed
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.pages.asked import Asked
from marketplace.pages.mentor_page import why_closed
from marketplace.pages.remaining_page import Remaining, remaining_beginning, remaining_going_on, to_book_of
from marketplace.pages.times import Times, times_of
from marketplace.pages.words import StateWords, state_words
from payments.models.programmes import Programme
from payments.models.sales import Purchase, PurchaseSession
from payments.queries.programmes import programme_for, sessions_of
from payments.queries.settling import frozen_sale
from payments.services.book_bought import needs_early
from payments.words.withdrawal import sale_policy_words


@dataclass(frozen=True, slots=True)
class BoughtSession:
    """`booking` is its present one, or the last that was called off; `gross` is what the session cost before discount
    and tax, `share` the mentor's part of it."""

    part: PurchaseSession
    booking: Booking | None
    gross: Money
    share: Money
    state: StateWords | None

    @property
    def is_to_book(self) -> bool:
        return self.part.to_book and self.part.returned_at is None

    @property
    def went_back(self) -> bool:
        """Unused, with the end of the programme."""
        return self.part.returned_at is not None


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """`unused` is what was paid for what is still to be booked."""

    purchase: Purchase
    programme: Programme
    mentor: Mentor
    other: User
    is_mentees: bool
    sessions: list[BoughtSession]
    unused: Money
    may_end: bool
    remaining: Remaining | None
    """How it would go on in its cadence, for the mentee."""

    @property
    def to_book(self) -> list[BoughtSession]:
        return [each for each in self.sessions if each.is_to_book]

    @property
    def receipt_of(self) -> str | None:
        """The session under which the receipt stands."""
        first = self.sessions[0].booking
        return first.public_id if first and self.purchase.gross else None


def programme_page(session: Session, public_id: str, user_id: int, settings: Settings, now: datetime) -> ProgrammePage:
    """Raises NotFound for everybody but its two people."""
    purchase, programme = programme_for(session, public_id, user_id)
    mentor, is_mentees = mentor_of(session, purchase), purchase.mentee_id == user_id
    rows = sessions_of(session, purchase.id)
    sessions = [_bought(purchase, part, booking, now) for part, booking in rows]
    ahead = any(each.booking and each.booking.occupies and each.booking.starts_at > now for each in sessions)
    return ProgrammePage(
        purchase=purchase,
        programme=programme,
        mentor=mentor,
        other=mentor.user if is_mentees else session.get_one(User, purchase.mentee_id),
        is_mentees=is_mentees,
        sessions=sessions,
        unused=frozen_sale(session, purchase).unused_paid,
        may_end=ahead or any(each.is_to_book for each in sessions),
        remaining=remaining_going_on(session, programme, mentor, rows, settings, now) if is_mentees else None,
    )


@dataclass(frozen=True, slots=True)
class BookPage:
    """`position` is the session that is booked next, None when none is left; `closed` says why there are no times to
    choose from."""

    purchase: Purchase
    programme: Programme
    mentor: Mentor
    position: int | None
    left: int
    sessions: int
    zones: Zones
    asked: Asked
    closed: str
    times: Times | None
    policy: str
    is_early: bool
    remaining: Remaining | None
    """The series that would begin with what is chosen, if some more are left."""

    def mentors_zone(self, start: datetime) -> ZoneInfo:
        return self.zones.on(self.zones.day_of(start))

    def link(self, anchor: str = "when", **choice: Any) -> str:
        """This page with another choice, in the zone that was asked for."""
        kept = {"public_id": self.purchase.public_id, "zone": self.asked.zone}
        return url_for("pages.book_bought", **{**kept, **choice}, _anchor=anchor)


def programme_to_book(session: Session, public_id: str, user_id: int) -> tuple[Purchase, Programme]:
    """Raises NotFound, and NotAllowed for its mentor."""
    purchase, programme = programme_for(session, public_id, user_id)
    if purchase.mentee_id != user_id:
        raise NotAllowed("Only the mentee books the sessions of a programme.")
    return purchase, programme


def book_page(
    session: Session,
    bought: tuple[Purchase, Programme],
    asked: Asked,
    zone: ZoneInfo,
    settings: Settings,
    now: datetime,
) -> BookPage:
    """Nothing is locked: who books is judged again."""
    purchase, programme = bought
    mentor = mentor_of(session, purchase)
    around = Interval(now, now + BEYOND_EVERY_HORIZON)
    found = diary(
        session, mentor_id=mentor.id, mentee_id=purchase.mentee_id, around=around, envelope=envelope_of(settings)
    )
    slots = found.bookable(minutes=programme.minutes, window=around, now=now)
    has_hours = bool(found.schedule.usual_week)
    closed = why_closed(
        mentor,
        slots,
        minutes=programme.minutes,
        has_hours=has_hours,
        found=found,
        settings=settings,
        now=now,
    )
    times = None if closed else times_of(found, slots, asked, zone, minutes=programme.minutes, now=now)
    start = times.chosen.start if times and times.chosen else None
    sessions = sessions_of(session, purchase.id)
    to_book = to_book_of(sessions)
    return BookPage(
        purchase=purchase,
        programme=programme,
        mentor=mentor,
        position=next(iter(to_book), None),
        left=len(to_book),
        sessions=len(sessions),
        zones=found.schedule.zones,
        asked=asked,
        closed=closed,
        times=times,
        policy=sale_policy_words(purchase, start, zone, now) if start and purchase.total_minor else "",
        is_early=start is not None and needs_early(purchase, programme, start),
        remaining=remaining_beginning(found.schedule, start, len(to_book), programme.cadence_days, now)
        if start
        else None,
    )


def _bought(purchase: Purchase, part: PurchaseSession, booking: Booking | None, now: datetime) -> BoughtSession:
    state = state_words(booking.state, booking.starts_at, booking.ends_at, now) if booking else None
    gross, share = (Money(minor, purchase.currency) for minor in (part.gross_minor, part.share_minor))
    return BoughtSession(part, booking, gross, share, state)


def mentor_of(session: Session, purchase: Purchase) -> Mentor:
    statement = select(Mentor).where(Mentor.id == purchase.mentor_id).options(joinedload(Mentor.user))
    return session.scalars(statement).one()
