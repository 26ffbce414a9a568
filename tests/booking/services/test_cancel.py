"""Calling a session off: who, when and why; final; and its time is free at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Occupancy
from booking.queries.bookings import bookable_slots
from booking.services.ahead import AlreadyCancelled
from booking.services.cancel import NotCancellable, cancel_booking
from booking.services.notify import tell_cancelled
from marketplace.accounts.models import User
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from tests.booking.bookings import TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

SATURDAY = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def booking(session):
    return make_booking(session, make_offering(session, make_mentor(session)), make_user(session))


def cancel(session, booking, by=Canceller.MENTEE, *, now=TUESDAY, reason=""):
    person = booking.mentor_id if by is Canceller.MENTOR else booking.mentee_id
    cancel_booking(session, booking, by=by, person_id=person, reason=reason, now=now)


def free_at_ten(session, mentor_id):
    hour = Interval(TEN, TEN + timedelta(hours=1))
    found = bookable_slots(session, mentor_id=mentor_id, minutes=60, window=hour, now=TUESDAY, envelope=Envelope())
    return TEN in [slot.start for slot in found]


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (Canceller.MENTEE, BookingStatus.CANCELLED_BY_MENTEE),
        (Canceller.MENTOR, BookingStatus.CANCELLED_BY_MENTOR),
        (Canceller.OPERATOR, BookingStatus.CANCELLED_BY_OPERATOR),
    ],
)
def test_it_is_kept_who_cancelled_when_and_why(session, booking, by, status):
    cancel(session, booking, by, reason="I am ill.")

    assert (booking.state, booking.cancelled_at, booking.cancel_reason) == (status, TUESDAY, "I am ill.")
    assert (booking.sequence, booking.changed_at) == (1, TUESDAY)


def test_the_time_is_free_at_once_and_no_longer_counts_in_the_caps(session):
    mentor = make_mentor(session, boundaries={"sessions_a_day": 1})
    booking = make_booking(session, make_offering(session, mentor), make_user(session))
    full = free_at_ten(session, mentor.id)

    cancel(session, booking)

    assert (full, free_at_ten(session, mentor.id)) == (False, True)
    assert session.scalars(select(Occupancy)).all() == []


def test_both_calendars_have_something_new(session, booking):
    people = session.scalars(select(User.id).where(User.id.in_([booking.mentor_id, booking.mentee_id]))).all()
    revisions = select(User.id, User.calendar_revision).where(User.id.in_(people))
    before = dict(session.execute(revisions).all())

    cancel(session, booking)

    assert dict(session.execute(revisions).all()) == {person: before[person] + 1 for person in people}


def test_it_is_done_once(session, booking):
    cancel(session, booking, Canceller.MENTOR)

    with pytest.raises(AlreadyCancelled):
        cancel(session, booking)

    assert (booking.state, booking.sequence) == (BookingStatus.CANCELLED_BY_MENTOR, 1)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=3)])
def test_from_the_start_on_it_is_too_late(session, booking, late):
    with pytest.raises(NotCancellable, match="too late"):
        cancel(session, booking, now=TEN + late)


def test_just_before_the_start_it_is_not(session, booking):
    cancel(session, booking, now=TEN - timedelta(microseconds=1))

    assert booking.state is BookingStatus.CANCELLED_BY_MENTEE


@pytest.mark.parametrize("status", [BookingStatus.HELD, BookingStatus.EXPIRED, BookingStatus.COMPLETED])
def test_only_what_is_confirmed_can_be_cancelled(session, status):
    booking = make_booking(session, make_offering(session, make_mentor(session)), make_user(session), status=status)

    with pytest.raises(NotCancellable):
        cancel(session, booking)


CANCELLED = "UPDATE booking SET status = 'cancelled_by_mentor', cancelled_at = '2026-12-02', cancelled_by = mentor_id"


@pytest.mark.parametrize(
    ("attack", "refused_by"),
    [
        pytest.param(
            "UPDATE booking SET status = 'cancelled_by_mentee'", "cancelled_says_who_and_when", id="by nobody"
        ),
        pytest.param(
            "UPDATE booking SET cancelled_at = '2026-12-02', cancelled_by = mentee_id",
            "cancelled_says_who_and_when",
            id="and still confirmed",
        ),
        pytest.param(
            CANCELLED.replace("= mentor_id", "= mentee_id"), "cancelled_by_whom_it_says", id="by the other one"
        ),
        pytest.param(CANCELLED.replace("2026-12-02", "2026-12-09"), "cancelled_before_it_begins", id="afterwards"),
        pytest.param(
            CANCELLED.replace("by_mentor'", "by_operator'"), "operators_say_why", id="by an operator without a word"
        ),
        pytest.param(f"{CANCELLED}, cancel_reason = repeat('a', 501)", "cancel_reason_is_bounded", id="with a novel"),
        pytest.param("UPDATE booking SET cancel_reason = 'why'", "cancel_reason_is_bounded", id="a reason for nothing"),
    ],
)
def test_the_database_refuses_what_cannot_be(session, booking, attack, refused_by):
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(attack))

    assert violated(refused.value) == refused_by


@pytest.mark.parametrize(
    "change",
    [
        "status = 'confirmed', cancelled_at = NULL, cancelled_by = NULL, cancel_reason = NULL",
        "status = 'cancelled_by_mentee', cancelled_by = mentee_id",
        "cancelled_at = cancelled_at - interval '1 day'",
        "cancel_reason = 'something else'",
    ],
)
def test_what_is_cancelled_stays_so_whatever_comes(session, booking, change):
    cancel(session, booking, Canceller.MENTOR, reason="I am ill.")

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE booking SET {change}"))

    assert violated(refused.value) == "cancelled_is_final"


@pytest.mark.parametrize(
    ("by", "waiting"),
    [
        pytest.param(Canceller.MENTEE, {"mentor"}, id="the mentee has just asked for it"),
        pytest.param(Canceller.MENTOR, set(), id="the mentor has just asked for it"),
    ],
)
def test_on_a_saturday_a_mentor_hears_of_what_they_have_not_done_on_monday(session, booking, by, waiting):
    later = make_booking(
        session, make_offering(session, make_mentor(session)), make_user(session), TEN + timedelta(days=2)
    )
    cancel(session, later, by, now=SATURDAY)

    tell_cancelled(session, later, now=SATURDAY, mentee_lines=[], mentor_lines=[])

    due = dict(session.execute(select(MailRow.user_id, MailRow.due_at)).all())
    monday_at_nine = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    assert due[later.mentee_id] == SATURDAY
    assert due[later.mentor_id] == (monday_at_nine if waiting else SATURDAY)
