"""What busy calendars say decides which times there are: a mentor's for everybody, a mentee's for themselves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.busy import BusyCalendar, BusyTime
from booking.queries.bookings import bookable_slots
from booking.services import busy_calendars
from booking.services.hold import SlotTaken, hold_slots, revive
from booking.services.move import NewTime, move_booking
from booking.services.propose import propose
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import HOUR, TEN, make_booking
from tests.conftest import SECRET_KEY, TUESDAY
from tests.factories import make_user

MEETING = "https://meet.example.org/office-hours"
DAY = Interval(TEN - 2 * HOUR, TEN + 10 * HOUR)


def busy(session: Session, user_id: int, start: float = 0, end: float = 1) -> BusyCalendar:
    """From ten in Amsterdam on, in hours."""
    added = busy_calendars.add(
        session, user_id, f"https://calendar.example/{start}", secret_key=SECRET_KEY, now=TUESDAY
    )
    span = Range(TEN + start * HOUR, TEN + end * HOUR)
    session.add(BusyTime(calendar_id=added.id, user_id=user_id, span=span))
    session.flush()
    return added


def starts(session: Session, mentor: Mentor, mentee: User | None = None) -> list[float]:
    """In hours after ten."""
    found = bookable_slots(
        session,
        mentor_id=mentor.id,
        mentee_id=mentee.id if mentee else None,
        minutes=60,
        window=DAY,
        now=TUESDAY,
        envelope=Envelope(),
    )
    return [(slot.start - TEN) / HOUR for slot in found]


def hold(session: Session, offering: Offering, mentee: User, start: float = 0) -> Booking:
    [held] = hold_slots(
        session,
        offering=offering,
        mentee_id=mentee.id,
        starts=[TEN + start * HOUR],
        held_until=TUESDAY + HOUR,
        now=TUESDAY,
        envelope=Envelope(),
        site_meeting_url=MEETING,
    )
    return held


def test_a_mentors_session_keeps_its_buffers_to_what_their_calendar_says(session, grace):
    """Ten minutes on each side of what is from three to four hours after ten."""
    busy(session, grace.id, 3, 4)

    found = starts(session, grace)

    assert [start for start in found if 1.5 < start < 4.5] == [1.75, 4.25]


def test_a_mentee_is_not_offered_what_their_own_calendar_says_and_another_is(session, grace, ada):
    busy(session, ada.id)
    alan = make_user(session, "Alan Example")

    assert [start for start in starts(session, grace, ada) if -1.25 < start < 1.25] == [-1, 1]
    assert starts(session, grace, alan) == starts(session, grace)
    assert 0 in starts(session, grace, alan)


def test_all_that_is_listed_can_be_held_and_nothing_else(session, grace, ada, offering):
    busy(session, grace.id, 0.3, 1.1)
    busy(session, ada.id, 2.6, 3.1)
    session.commit()
    listed = starts(session, grace, ada)

    for quarter in range(-4, 28):
        start = quarter / 4
        if start in listed:
            hold(session, offering, ada, start)
        else:
            with pytest.raises(SlotTaken if -1 <= start <= 6 else Exception, match="cannot be booked"):
                hold(session, offering, ada, start)
        session.rollback()


def test_who_is_busy_is_told_so_in_their_own_words_and_nobody_learns_of_the_others(session, grace, ada, offering):
    busy(session, grace.id)
    busy(session, ada.id, 3, 4)

    with pytest.raises(SlotTaken, match="the mentor is not free then"):
        hold(session, offering, ada)
    with pytest.raises(SlotTaken, match="your own calendar says that you are busy then"):
        hold(session, offering, ada, 3)


def test_a_mentor_who_proposes_a_time_learns_nothing_of_the_mentees_calendar(session, grace, ada, offering):
    booking = make_booking(session, offering, ada)
    busy(session, ada.id, 3, 4)

    wanted = NewTime(TEN + 3 * HOUR, grace.id, "", booking.sequence)
    proposal = propose(session, booking, wanted, now=TUESDAY, envelope=Envelope())

    assert proposal.starts_at == TEN + 3 * HOUR


def move(session: Session, booking: Booking, person_id: int, start: float) -> None:
    wanted = NewTime(TEN + start * HOUR, person_id, "", booking.sequence)
    move_booking(session, booking, wanted, now=TUESDAY, envelope=Envelope(), site_meeting_url=MEETING)


def test_a_session_is_moved_only_to_where_neither_is_busy(session, grace, ada, offering):
    booking = make_booking(session, offering, ada)
    busy(session, grace.id, 2, 3)
    busy(session, ada.id, 4, 5)

    for start in (2, 4):
        with pytest.raises(SlotTaken):
            move(session, booking, ada.id, start)
    move(session, booking, ada.id, 5.5)

    assert booking.starts_at == TEN + 5.5 * HOUR


def test_what_is_booked_stays_whatever_a_calendar_says(session, grace, ada, offering):
    booking = make_booking(session, offering, ada)

    busy(session, grace.id)
    busy(session, ada.id)

    assert session.scalars(select(Booking.status).where(Booking.id == booking.id)).one() == BookingStatus.CONFIRMED


def test_late_money_buys_although_the_mentees_calendar_has_filled_up_and_not_if_the_mentors_has(
    session, grace, ada, offering
):
    booking = hold(session, offering, ada)
    booking.status, booking.released_at = BookingStatus.EXPIRED, TUESDAY + timedelta(minutes=40)
    session.flush()
    busy(session, ada.id)

    with session.begin_nested() as undone:
        revive(session, booking, now=TUESDAY, envelope=Envelope(), site_meeting_url=MEETING)
        assert booking.status == BookingStatus.CONFIRMED
        undone.rollback()

    busy(session, grace.id)
    with pytest.raises(SlotTaken):
        revive(session, booking, now=TUESDAY, envelope=Envelope(), site_meeting_url=MEETING)
