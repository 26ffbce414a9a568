"""Moving a session: the same booking elsewhere, judged as a new one is, and written down."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import BoundaryRow, Occupancy
from booking.models.moves import BookingMove
from booking.queries.bookings import bookable_slots, diary
from booking.services.ahead import AlreadyCancelled
from booking.services.cancel import cancel_booking
from booking.services.hold import HoldOverdue, NotBookable, SlotTaken
from booking.services.move import MovedMeanwhile, NewTime, NotMovable, move_booking
from booking.services.notify import tell_moved
from marketplace.accounts.models import User
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from tests.booking.bookings import BOOKED_AT, HOUR, TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user

NOON, NEXT_DAY = TEN + 2 * HOUR, TEN + 24 * HOUR
SATURDAY = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
MEET = "https://meet.example.org"


@pytest.fixture
def booking(session, offering):
    return make_booking(session, offering, make_user(session))


def move(session, booking, start=NOON, *, now=TUESDAY, seen=None, reason="", envelope=None):
    wanted = NewTime(start, booking.mentee_id, reason, booking.sequence if seen is None else seen)
    return move_booking(session, booking, wanted, now=now, envelope=envelope or Envelope(), site_meeting_url=MEET)


def free_at(session, mentor_id, start):
    hour = Interval(start, start + HOUR)
    found = bookable_slots(session, mentor_id=mentor_id, minutes=60, window=hour, now=TUESDAY, envelope=Envelope())
    return start in [slot.start for slot in found]


def test_it_is_the_same_booking_at_another_time(session, booking):
    number, uid = booking.id, booking.uid

    move(session, booking)

    assert (booking.id, booking.uid, booking.state) == (number, uid, BookingStatus.CONFIRMED)
    assert (booking.starts_at, booking.ends_at) == (NOON, NOON + HOUR)
    assert (booking.sequence, booking.changed_at) == (1, TUESDAY)


def test_it_is_kept_from_when_to_when_by_whom_and_why(session, booking):
    move(session, booking, reason="My train is late.")
    move(session, booking, NEXT_DAY)

    rows = session.scalars(select(BookingMove).order_by(BookingMove.sequence)).all()
    assert [(row.sequence, row.from_starts_at, row.to_starts_at) for row in rows] == [
        (1, TEN, NOON),
        (2, NOON, NEXT_DAY),
    ]
    assert [(row.moved_by, row.moved_at, row.reason) for row in rows] == [
        (booking.mentee_id, TUESDAY, "My train is late."),
        (booking.mentee_id, TUESDAY, None),
    ]


@pytest.mark.parametrize("attack", ["UPDATE booking_move SET to_starts_at = from_ends_at", "DELETE FROM booking_move"])
def test_what_was_moved_stays_written_down(session, booking, attack):
    move(session, booking)

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(attack))

    assert violated(refused.value) == "moves_are_kept"


@pytest.mark.parametrize(
    ("row", "refused_by"),
    [
        pytest.param({"to_starts_at": TEN, "to_ends_at": TEN + HOUR}, "a_move_leads_elsewhere", id="to where it is"),
        pytest.param({"moved_at": TEN}, "moved_before_it_begins", id="once it has begun"),
        pytest.param({"to_ends_at": NOON + 2 * HOUR}, "a_moved_session_keeps_its_length", id="and made longer"),
        pytest.param({"sequence": 0}, "a_move_raises_the_sequence", id="unknown to calendars"),
        pytest.param({"reason": "a" * 501}, "move_reason_is_bounded", id="with a novel"),
    ],
)
def test_the_database_refuses_what_cannot_be(session, booking, row, refused_by):
    fine = {"from_starts_at": TEN, "from_ends_at": TEN + HOUR, "to_starts_at": NOON, "to_ends_at": NOON + HOUR}
    who = {"booking_id": booking.id, "moved_by": booking.mentee_id, "moved_at": TUESDAY, "sequence": 1}
    session.add(BookingMove(**{**fine, **who, **row}))

    with pytest.raises(IntegrityError) as refused:
        session.flush()

    assert violated(refused.value) == refused_by


def test_the_old_time_is_free_at_once_and_the_new_one_taken(session, booking, grace):
    move(session, booking)

    assert (free_at(session, grace.id, TEN), free_at(session, grace.id, NOON)) == (True, False)
    spans = {row.user_id: (row.span.lower, row.span.upper) for row in session.scalars(select(Occupancy))}
    assert spans == {
        booking.mentee_id: (NOON, NOON + HOUR),
        grace.id: (NOON - timedelta(minutes=10), NOON + HOUR + timedelta(minutes=10)),
    }


def test_its_own_time_is_no_obstacle(session, booking):
    half_past = TEN + HOUR / 2

    move(session, booking, half_past)

    assert booking.starts_at == half_past


@pytest.mark.parametrize("cap", ["sessions_a_day", "sessions_a_week"])
def test_it_does_not_count_against_itself_in_the_caps(session, booking, grace, cap):
    setattr(session.get_one(BoundaryRow, grace.id), cap, 1)

    move(session, booking)

    assert booking.starts_at == NOON


def test_a_day_that_others_have_filled_is_full(session, booking, grace, offering):
    session.get_one(BoundaryRow, grace.id).sessions_a_day = 1
    make_booking(session, offering, make_user(session, "Alan Example"), NEXT_DAY)

    with pytest.raises(SlotTaken, match="full"):
        move(session, booking, NEXT_DAY + 3 * HOUR)

    assert booking.starts_at == TEN


def test_it_keeps_what_the_new_time_was_judged_by(session, booking, grace):
    grace.zone = "America/New_York"
    session.get_one(BoundaryRow, grace.id).buffer_after_minutes = 25
    afternoon = datetime(2026, 12, 8, 19, 0, tzinfo=UTC)

    move(session, booking, afternoon, envelope=Envelope(frozenset({1, 2}), 9 * 60, 15 * 60))

    assert (booking.zone, booking.local_start.hour, booking.local_end.hour) == ("America/New_York", 14, 15)
    assert (booking.envelope_weekdays, booking.envelope_opens, booking.envelope_closes) == ([1, 2], 540, 900)
    assert (booking.buffer_before_minutes, booking.buffer_after_minutes) == (10, 25)


@pytest.mark.parametrize(
    ("start", "why"),
    [
        pytest.param(TEN + 8 * HOUR, "outside working hours", id="in the evening"),
        pytest.param(datetime(2026, 12, 12, 9, 0, tzinfo=UTC), "outside working hours", id="on a Saturday"),
        pytest.param(TEN + timedelta(minutes=7), "not one of the start times", id="between the start times"),
        pytest.param(TUESDAY + 2 * HOUR, "notice of 24 hours", id="within the mentor's notice"),
        pytest.param(TEN + timedelta(days=70), "too far ahead", id="beyond the horizon"),
    ],
)
def test_the_new_time_is_judged_as_a_new_session_is(session, booking, start, why):
    with pytest.raises(NotBookable, match=why):
        move(session, booking, start)

    assert (booking.starts_at, booking.sequence) == (TEN, 0)


def test_every_time_that_is_listed_can_be_had_and_no_other(session, booking, grace, offering):
    """By the same function that lists, with this session left out."""
    make_booking(session, offering, make_user(session, "Alan Example"), TEN + HOUR * 3)
    day = Interval(TEN - 2 * HOUR, TEN + 8 * HOUR)
    found = diary(
        session, mentor_id=grace.id, mentee_id=booking.mentee_id, around=day, envelope=Envelope(), without=[booking.id]
    )
    listed = {slot.start for slot in found.bookable(minutes=60, window=day, now=TUESDAY)}
    had = set()

    start = day.start
    while start < day.end:
        with session.begin_nested() as attempt:
            try:
                move(session, booking, start)
                had.add(start)
            except (SlotTaken, NotBookable, MovedMeanwhile):
                pass
            attempt.rollback()
        session.refresh(booking)
        start += timedelta(minutes=15)

    assert had == listed - {TEN}
    assert len(had) > 10


def test_another_mentors_session_of_the_mentee_is_in_the_way(session, booking):
    other = make_offering(session, make_mentor(session, "Edsger Example"))
    make_booking(session, other, session.get_one(User, booking.mentee_id), NOON)

    with pytest.raises(SlotTaken, match="the mentee has another session"):
        move(session, booking)


def test_an_overdue_hold_in_the_way_is_ended_first(session, booking, offering):
    held = make_booking(
        session, offering, make_user(session), NOON, status=BookingStatus.HELD, held_until=BOOKED_AT, confirmed_at=None
    )

    with pytest.raises(HoldOverdue) as overdue:
        move(session, booking)

    assert overdue.value.bookings == [held.id]


@pytest.mark.parametrize(
    ("seen", "start"), [(7, NOON), (0, TEN)], ids=["another state was seen", "it is there already"]
)
def test_a_page_that_is_not_of_today_moves_nothing(session, booking, seen, start):
    with pytest.raises(MovedMeanwhile):
        move(session, booking, start, seen=seen)

    assert (booking.starts_at, booking.sequence) == (TEN, 0)


def test_pressing_twice_moves_once(session, booking):
    move(session, booking, seen=0)

    with pytest.raises(MovedMeanwhile):
        move(session, booking, NEXT_DAY, seen=0)

    assert (booking.starts_at, booking.sequence) == (NOON, 1)


def test_what_is_called_off_is_not_moved(session, booking):
    cancel_booking(session, booking, by=Canceller.MENTOR, person_id=booking.mentor_id, reason="I am ill.", now=TUESDAY)

    with pytest.raises(AlreadyCancelled):
        move(session, booking)


@pytest.mark.parametrize("status", [BookingStatus.HELD, BookingStatus.EXPIRED, BookingStatus.COMPLETED])
def test_only_what_is_confirmed_is_moved(session, offering, status):
    with pytest.raises(NotMovable):
        move(session, make_booking(session, offering, make_user(session), status=status))


def test_once_it_has_begun_it_stays(session, booking):
    with pytest.raises(NotMovable, match="has begun"):
        move(session, booking, NEXT_DAY, now=TEN)


def test_with_a_mentor_on_a_break_nothing_is_moved_to_a_new_time(session, booking, grace):
    grace.status = "paused"
    session.flush()

    with pytest.raises(NotBookable, match="takes no bookings"):
        move(session, booking)


def test_both_calendars_have_something_new(session, booking):
    people = [booking.mentor_id, booking.mentee_id]
    revisions = select(User.id, User.calendar_revision).where(User.id.in_(people))
    before = dict(session.execute(revisions).all())

    move(session, booking)

    assert dict(session.execute(revisions).all()) == {person: before[person] + 1 for person in people}


MONDAY_AT_NINE = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "to", "due"),
    [
        pytest.param(TEN + timedelta(days=2), TEN + timedelta(days=3), MONDAY_AT_NINE, id="it can wait until Monday"),
        pytest.param(MONDAY_AT_NINE + HOUR, TEN + timedelta(days=3), SATURDAY, id="the old time is early on Monday"),
        pytest.param(TEN + timedelta(days=3), MONDAY_AT_NINE + HOUR, SATURDAY, id="the new time is early on Monday"),
    ],
)
def test_on_a_saturday_a_mentor_hears_of_it_when_it_presses_or_on_monday(session, offering, at, to, due):
    session.get_one(BoundaryRow, offering.mentor_id).notice_minutes = 60
    booking = make_booking(session, offering, make_user(session), at)
    made = move(session, booking, to, now=SATURDAY)

    tell_moved(session, booking, made, now=SATURDAY, mentee_lines=[])

    found = dict(session.execute(select(MailRow.user_id, MailRow.due_at)).all())
    assert found == {booking.mentee_id: SATURDAY, booking.mentor_id: due}


def test_hours_that_were_edited_decide_about_the_new_time_and_not_about_the_old_one(session):
    grace = make_mentor(session, weekly={2: hours("12:00-14:00")})
    booking = make_booking(session, make_offering(session, grace), make_user(session))

    move(session, booking, NOON)

    assert booking.starts_at == NOON
    with pytest.raises(NotBookable):
        move(session, booking, TEN)
