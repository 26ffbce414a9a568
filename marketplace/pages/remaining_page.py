"""What is left of a programme, booked as a series with one press: every Tuesday at 10:00 on the mentor's clock, as far
as their calendar is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.domain.schedule import Schedule
from booking.domain.series import going_on
from booking.domain.zones import Zones
from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of, schedule_of
from booking.words.bookings import cadence_words
from marketplace.core import formats
from marketplace.core.config import Settings
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from payments.forms.series import AskedSeries
from payments.models.programmes import Programme
from payments.models.sales import Purchase, PurchaseSession
from payments.offers.series import Pair, Proposed, propose
from payments.queries.programmes import sessions_of
from payments.services.book_bought import needs_early
from payments.words.withdrawal import sale_policy_words

Sessions = Sequence[tuple[PurchaseSession, Booking | None]]
LEAST = 2
"""Fewer are no series."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """So many of the sessions that are left as the mentor's calendar is open for, in the programme's cadence."""

    starts: list[datetime]
    zones: Zones
    cadence: str

    @property
    def first(self) -> datetime:
        return self.starts[0]

    @property
    def mentors_zone(self) -> ZoneInfo:
        return self.zones.on(self.zones.day_of(self.first))


@dataclass(frozen=True, slots=True)
class RemainingPage:
    """`positions` are the sessions that would be booked; `left` is how many are to be booked at all."""

    purchase: Purchase
    programme: Programme
    mentor: Mentor
    proposed: Proposed
    positions: list[int]
    left: int
    begins: datetime
    """When the first would be if nothing were chosen instead."""
    cadence: str
    policy: str
    is_early: bool

    @property
    def times(self) -> str:
        """As the form sends them."""
        pairs = zip(self.positions, self.proposed.starts, strict=True)
        return " ".join(f"{position}@{formats.instant(start)}" for position, start in pairs)


def remaining_beginning(schedule: Schedule, first: datetime, left: int, every: int, now: datetime) -> Remaining | None:
    """None if it would be no series."""
    until = now + schedule.boundaries.horizon
    regular = AskedSeries.regular(first).starts(schedule.zones, sessions=left, every=every)
    starts = [start for start in regular if start <= until]
    if len(starts) < LEAST:
        return None
    return Remaining(starts, schedule.zones, cadence_words(first, schedule.zones, every))


def remaining_going_on(
    session: Session, programme: Programme, mentor: Mentor, sessions: Sessions, settings: Settings, now: datetime
) -> Remaining | None:
    """After the last of its sessions that stands, at the time of day that it has. None if there is none, or nothing to
    go on with, or the mentor takes no bookings."""
    left = len(to_book_of(sessions))
    last = max((each.starts_at for part, each in sessions if each and not part.to_book), default=None)
    if left < LEAST or last is None or mentor.state is not MentorStatus.APPROVED:
        return None
    schedule, every = schedule_of(session, mentor.id, envelope_of(settings)), programme.cadence_days
    first = going_on(last, schedule.zones, every=every, after=now + schedule.boundaries.notice)
    return remaining_beginning(schedule, first, left, every, now)


def remaining_page(
    session: Session,
    bought: tuple[Purchase, Programme, Mentor],
    asked: AskedSeries,
    number: int,
    *,
    zone: ZoneInfo,
    settings: Settings,
    now: datetime,
) -> RemainingPage | None:
    """Of so many sessions, if as many are left; None if it would be no series. Nothing is locked: who books is judged
    again."""
    purchase, programme, mentor = bought
    positions = to_book_of(sessions_of(session, purchase.id))
    if min(number, len(positions)) < LEAST:
        return None
    wanted = positions[:number]
    proposed = propose(
        session,
        Pair(purchase.mentor_id, purchase.mentee_id),
        lambda schedule: asked.starts(schedule.zones, sessions=len(wanted), every=programme.cadence_days),
        minutes=programme.minutes,
        now=now,
        envelope=envelope_of(settings),
    )
    first = proposed.first
    return RemainingPage(
        purchase=purchase,
        programme=programme,
        mentor=mentor,
        proposed=proposed,
        positions=wanted,
        left=len(positions),
        begins=asked.first,
        cadence=cadence_words(asked.first, proposed.zones, programme.cadence_days),
        policy=sale_policy_words(purchase, first, zone, now) if purchase.total_minor else "",
        is_early=needs_early(purchase, programme, first),
    )


def to_book_of(sessions: Sessions) -> list[int]:
    """Their positions."""
    return [part.position for part, _ in sessions if part.to_book and part.returned_at is None]
