"""Hold a slot, or all of a series, or give lapsed ones their place back. Keeps rules no_double_booking,
business_hours_only, caps_hold. Several are judged as one: all of them are held, or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.fit_calls import Question
from booking.domain.intervals import Interval
from booking.domain.refusals import Refusal, Rule
from booking.domain.schedule import Schedule
from booking.domain.series import refusals_of
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking, BookingAnswer
from booking.models.moves import MoveProposal
from booking.queries.bookings import diary, overdue_holds
from booking.services.fit_calls import require_fit_call
from booking.services.locks import lock_people
from booking.services.proposal_ends import lapse_overdue
from marketplace.core.db import violated
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.ids import public_id
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering

TAKEN = frozenset(
    {Rule.MENTOR_BUSY, Rule.MENTEE_BUSY, Rule.MENTEE_AWAY, Rule.DAY_FULL, Rule.DAY_MINUTES_FULL, Rule.WEEK_FULL}
)
"""Refusals that another booking or a busy calendar causes: the time was there a moment ago, so others are offered."""


class SlotTaken(Conflict):
    """Someone else holds or has booked what overlaps, or the mentor's day or week has become full."""


class SeriesNotFree(SlotTaken):
    """Not all times of a series can be booked, so none of them is."""


class NotBookable(RuleBroken):
    """The mentor cannot be booked at that time, or not at all, whoever asks."""


class MentorUnpayable(NotBookable):
    """Stripe cannot pay the mentor, so nothing that costs something is sold. What is booked already stands."""


class HoldOverdue(Exception):
    """Overdue holds stand in the way: see at Stripe that they can no longer be paid, release them, try again."""

    def __init__(self, bookings: list[int]) -> None:
        super().__init__(f"overdue holds: {bookings}")
        self.bookings = bookings


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who meets whom, when, and for what; `offering_id` is what it was offered as. The intervals are as long as each
    other and in their order; the agenda is that of the first."""

    mentor_id: int
    mentee_id: int
    offering_id: int
    title: str
    intervals: Sequence[Interval]
    agenda: str = ""


def hold_slots(
    session: Session,
    *,
    offering: Offering,
    mentee_id: int,
    starts: Sequence[datetime],
    held_until: datetime,
    now: datetime,
    envelope: Envelope,
    site_meeting_url: str,
    agenda: str = "",
    answers: Mapping[Question, str] | None = None,
) -> list[Booking]:
    """`held` bookings with their occupancy. Raises SlotTaken, NotBookable, MentorUnpayable, NoFitCall, HoldOverdue."""
    if lock_people(session, (offering.mentor_id, mentee_id)):
        raise NotBookable("This account is closed.")
    require_active(session, offering.mentor_id, site_meeting_url, for_money=bool(offering.price_minor))
    require_fit_call(session, offering, mentee_id, now)
    wanted = Wanted(
        offering.mentor_id, mentee_id, offering.id, offering.title, lasting(offering.minutes, starts), agenda
    )
    bookings = take_slots(session, wanted, held_until=held_until, now=now, envelope=envelope)
    session.add_all(
        BookingAnswer(booking_id=bookings[0].id, question=question, answer=answer)
        for question, answer in (answers or {}).items()
    )
    session.flush()
    return bookings


def lasting(minutes: int, starts: Sequence[datetime]) -> list[Interval]:
    return [Interval(start, start + timedelta(minutes=minutes)) for start in starts]


def take_slots(
    session: Session, wanted: Wanted, *, held_until: datetime, now: datetime, envelope: Envelope
) -> list[Booking]:
    """As `held`, judged by the function that lists the slots. The caller holds the locks of both people.

    Raises SlotTaken, NotBookable, HoldOverdue.
    """
    schedule = judge(session, wanted.mentor_id, wanted.mentee_id, wanted.intervals, now, envelope)
    bookings = [_held(wanted, interval, schedule, held_until, now) for interval in wanted.intervals]
    bookings[0].agenda = wanted.agenda or None
    session.add_all(bookings)
    flush_slot(session)
    return bookings


def _held(wanted: Wanted, interval: Interval, schedule: Schedule, held_until: datetime, now: datetime) -> Booking:
    booking = Booking(
        public_id=public_id(),
        mentor_id=wanted.mentor_id,
        mentee_id=wanted.mentee_id,
        offering_id=wanted.offering_id,
        title=wanted.title,
        status=BookingStatus.HELD,
        starts_at=interval.start,
        ends_at=interval.end,
        held_until=held_until,
        created_at=now,
        changed_at=now,
        uid=f"{public_id()}{public_id()}@office-hours",
    )
    record_judgement(booking, schedule)
    return booking


def revive(session: Session, *bookings: Booking, now: datetime, envelope: Envelope, site_meeting_url: str) -> None:
    """Give lapsed bookings of one sale that was paid late their slots back, as `confirmed`: all of them or none. The
    caller holds the locks.

    Raises as `hold_slots`.
    """
    mentor_id, mentee_id = bookings[0].mentor_id, bookings[0].mentee_id
    require_active(session, mentor_id, site_meeting_url, for_money=True)
    intervals = sorted(Interval(each.starts_at, each.ends_at) for each in bookings)
    schedule = judge(session, mentor_id, mentee_id, intervals, now, envelope, mentee_asks=False)
    for booking in bookings:
        record_judgement(booking, schedule)
        booking.status = BookingStatus.CONFIRMED
        booking.confirmed_at = booking.changed_at = now
    flush_slot(session)


def require_active(session: Session, mentor_id: int, site_meeting_url: str, *, for_money: bool) -> None:
    columns = (Mentor.status, Mentor.meeting_url, Mentor.can_be_paid)
    mentor = session.execute(select(*columns).where(Mentor.id == mentor_id)).one()
    if mentor.status != MentorStatus.APPROVED:
        raise NotBookable("This mentor takes no bookings at the moment.")
    if not (mentor.meeting_url or site_meeting_url):
        raise NotBookable("This mentor has not said yet where sessions take place, so they cannot be booked.")
    if for_money and not mentor.can_be_paid:
        raise MentorUnpayable(
            "This mentor cannot be paid at the moment, so only what is free can be booked. You were not charged."
        )


def record_judgement(booking: Booking | MoveProposal, schedule: Schedule) -> None:
    """Keep the zone, the local times, the buffers and the envelope that the slot was judged by."""
    limits, envelope = schedule.boundaries, schedule.envelope
    zone = schedule.zones.on(schedule.zones.day_of(booking.starts_at))
    booking.zone = zone.key
    booking.local_start = booking.starts_at.astimezone(zone).replace(tzinfo=None)
    booking.local_end = booking.ends_at.astimezone(zone).replace(tzinfo=None)
    booking.buffer_before_minutes = limits.buffer_before // timedelta(minutes=1)
    booking.buffer_after_minutes = limits.buffer_after // timedelta(minutes=1)
    booking.envelope_weekdays = sorted(envelope.weekdays)
    booking.envelope_opens, booking.envelope_closes = envelope.opens, envelope.closes


def judge(
    session: Session,
    mentor_id: int,
    mentee_id: int,
    intervals: Sequence[Interval],
    now: datetime,
    envelope: Envelope,
    *,
    without: Collection[int] = (),
    mentee_asks: bool = True,
) -> Schedule:
    """The same computation that lists the slots decides here, under the lock; `without` and `mentee_asks` as there.

    Raises SlotTaken, NotBookable, HoldOverdue.
    """
    people, around = (mentor_id, mentee_id), Interval(intervals[0].start, intervals[-1].end)
    found = diary(
        session,
        mentor_id=mentor_id,
        mentee_id=mentee_id,
        around=around,
        envelope=envelope,
        without=without,
        mentee_asks=mentee_asks,
    )
    minutes = intervals[0].duration // timedelta(minutes=1)
    refusals = refusals_of(found, [each.start for each in intervals], minutes=minutes, now=now)
    if not refusals:
        return found.schedule
    if any(each.rule in TAKEN for each in refusals):
        if lapse_overdue(session, people, around, now):
            return judge(
                session, mentor_id, mentee_id, intervals, now, envelope, without=without, mentee_asks=mentee_asks
            )
        _look_for_overdue(session, people, around, now)
    raise _refused(refusals[0]) if len(intervals) == 1 else _none_of(intervals, refusals)


def _look_for_overdue(session: Session, people: tuple[int, int], interval: Interval, now: datetime) -> None:
    # The constraint cannot look at the clock, so whoever meets an overdue hold has it ended first.
    if overdue := overdue_holds(session, people, interval, now):
        raise HoldOverdue(overdue)


def _refused(refusal: Refusal) -> SlotTaken | NotBookable:
    if refusal.rule in TAKEN:
        return SlotTaken("That time cannot be booked: %(reason)s.", reason=refusal.words)
    return NotBookable("That time cannot be booked: %(reason)s.", reason=refusal.words)


def _none_of(intervals: Sequence[Interval], refusals: list[Refusal]) -> SeriesNotFree:
    return SeriesNotFree(
        "Of these %(number)s times not all can be booked (%(reason)s), so none of them is.",
        number=len(intervals),
        reason=refusals[0].words,
    )


def flush_slot(session: Session) -> None:
    """The constraint decides what the locks let through. Raises SlotTaken."""
    try:
        session.flush()
    except IntegrityError as lost:
        if violated(lost) != "no_double_booking":
            raise
        raise SlotTaken("That time has just been taken. Please choose another.") from lost
