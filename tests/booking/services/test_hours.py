"""Changing hours: written under the mentor's lock, told before it is done, and never a change to a session."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.states import BookingStatus
from booking.domain.typed_hours import compact
from booking.models.bookings import Booking, BoundaryRow, DateOverride, WorkingHours
from booking.models.days import TimeOff
from booking.queries.bookings import boundaries_in, schedule_of
from booking.services import hours
from booking.services.hours import HoursChanged, HoursLocked, TooMuchWritten
from marketplace.core.db import violated
from marketplace.core.errors import NotFound
from tests.booking.bookings import TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import hours as spans
from tests.factories import make_mentor, make_offering, make_user
from tests.queries import count_queries

NINE_TO_FIVE = dict.fromkeys(range(1, 6), ((540, 1020),))
MORNINGS = dict.fromkeys(range(1, 6), ((540, 720),))
THE_EIGHTH = date(2026, 12, 8)
HOUR = timedelta(hours=1)


@pytest.fixture
def afternoon(session, grace):
    """Ada's hour with Grace on Tuesday the 8th, from 14:00 in Amsterdam."""
    return make_booking(session, make_offering(session, grace), make_user(session), TEN + 4 * HOUR)


def written(session: Session, mentor):
    return schedule_of(session, mentor.id, Envelope())


def set_week(session, mentor, weekly, *, told=(), instead_of=NINE_TO_FIVE):
    return hours.set_week(session, mentor.id, weekly, instead_of=compact(instead_of), told=told, now=TUESDAY)


def set_dates(session, mentor, days, ranges, *, told=(), now=TUESDAY):
    return hours.set_dates(session, mentor.id, days, ranges, told=told, now=now)


def away(session, mentor, start, end, *, told=(), now=TUESDAY):
    return hours.add_time_off(session, mentor.id, start, end, told=told, now=now)


def december(day, hour=0):
    return datetime(2026, 12, day, hour)  # noqa: DTZ001  wall clock


def columns(booking: Booking):
    return {each.key: getattr(booking, each.key) for each in inspect(Booking).column_attrs}


def test_a_week_is_replaced_whole(session, grace):
    untold = set_week(session, grace, {2: ((540, 720), (780, 1020))})

    assert untold == []
    assert written(session, grace).weekly == {2: ((540, 720), (780, 1020))}


def test_hours_end_at_midnight_and_a_day_without_hours_has_no_row(session, grace):
    set_week(session, grace, {1: (), 2: ((1200, 1440),)})

    rows = session.scalars(select(WorkingHours)).all()
    assert [(row.weekday, [(part.lower, part.upper) for part in row.minutes]) for row in rows] == [(2, [(1200, 1440)])]


def test_nothing_is_written_before_the_mentor_knows_what_it_leaves_outside(session, grace, afternoon):
    untold = set_week(session, grace, MORNINGS)

    assert untold == [afternoon]
    assert written(session, grace).weekly == NINE_TO_FIVE


def test_a_mentor_who_was_told_saves_and_the_session_stays_exactly_as_it_was(session, grace, afternoon):
    before = columns(afternoon)

    untold = set_week(session, grace, MORNINGS, told={afternoon.public_id})

    session.expire_all()
    assert untold == []
    assert written(session, grace).weekly == MORNINGS
    assert columns(session.get_one(Booking, afternoon.id)) == before


def test_who_books_while_the_mentor_decides_is_told_of_too(session, grace, afternoon):
    other = make_booking(session, make_offering(session, grace), make_user(session, "Alan Example"), TEN + 6 * HOUR)

    untold = set_week(session, grace, MORNINGS, told={afternoon.public_id})

    assert untold == [afternoon, other]
    assert written(session, grace).weekly == NINE_TO_FIVE


@pytest.mark.parametrize(
    ("given", "tells"),
    [
        pytest.param({"status": BookingStatus.HELD}, True, id="being booked"),
        pytest.param({"status": BookingStatus.AWAITING_PAYMENT}, True, id="being paid"),
        pytest.param({"status": BookingStatus.CANCELLED_BY_MENTEE}, False, id="cancelled"),
        pytest.param({"status": BookingStatus.EXPIRED}, False, id="not paid"),
        pytest.param({"starts_at": TUESDAY - 26 * HOUR}, False, id="over"),
        pytest.param({"starts_at": TUESDAY + 3 * HOUR, "status": BookingStatus.CONFIRMED}, True, id="today"),
    ],
)
def test_what_takes_up_time_ahead_is_told(session, grace, given, tells):
    booking = make_booking(
        session, make_offering(session, grace), make_user(session), **{"starts_at": TEN + 4 * HOUR, **given}
    )

    untold = set_week(session, grace, {})

    assert untold == ([booking] if tells else [])


def test_another_mentors_sessions_play_no_part(session, grace, afternoon):
    edsger = make_mentor(session, "Edsger Example")

    assert set_week(session, edsger, {}) == []
    assert written(session, grace).weekly == NINE_TO_FIVE


def test_nobody_saves_over_hours_that_they_have_not_seen(session, grace):
    set_week(session, grace, MORNINGS)

    with pytest.raises(HoursChanged):
        set_week(session, grace, {1: ((600, 660),)}, instead_of=NINE_TO_FIVE)

    assert written(session, grace).weekly == MORNINGS


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session, mentor: set_week(session, mentor, {}), id="week"),
        pytest.param(lambda session, mentor: set_dates(session, mentor, [THE_EIGHTH], ()), id="dates"),
        pytest.param(lambda session, mentor: away(session, mentor, december(8), december(9)), id="time off"),
        pytest.param(lambda session, mentor: hours.remove_time_off(session, mentor.id, 1), id="less time off"),
        pytest.param(
            lambda session, mentor: hours.set_boundaries(session, mentor.id, Boundaries(), told=(), now=TUESDAY),
            id="boundaries",
        ),
    ],
)
class TestEveryChange:
    def test_locks_the_mentor_before_it_reads(self, session, grace, change):
        session.commit()

        with count_queries() as statements:
            try:
                change(session, grace)
            except NotFound:
                session.rollback()

        assert "FROM users" in statements[0]
        assert "FOR NO KEY UPDATE" in statements[0]

    def test_is_refused_to_a_suspended_mentor(self, session, change):
        suspended = make_mentor(session, status="suspended", suspended_from="approved", reason="Reported.")

        with pytest.raises(HoursLocked):
            change(session, suspended)

        assert written(session, suspended).weekly == NINE_TO_FIVE


@pytest.mark.parametrize("status", ["draft", "submitted", "approved", "paused"])
def test_a_mentor_of_any_other_state_sets_hours(session, status):
    mentor = make_mentor(session, status=status, submitted_at=TUESDAY if status == "submitted" else None)

    assert set_week(session, mentor, MORNINGS) == []
    assert written(session, mentor).weekly == MORNINGS


def test_many_dates_are_closed_at_once_and_set_again(session, grace):
    days = [THE_EIGHTH + timedelta(days=number) for number in range(3)]
    set_dates(session, grace, days, ())

    set_dates(session, grace, days[1:], ((600, 660),))

    assert written(session, grace).overrides == {days[0]: (), days[1]: ((600, 660),), days[2]: ((600, 660),)}


def test_dates_go_back_to_the_weekly_hours(session, grace):
    days = [THE_EIGHTH, THE_EIGHTH + timedelta(days=1)]
    set_dates(session, grace, days, ())

    set_dates(session, grace, days[:1], None)

    assert written(session, grace).overrides == {days[1]: ()}


def test_closing_a_date_tells_what_is_booked_on_it(session, grace, afternoon):
    assert set_dates(session, grace, [THE_EIGHTH], ((540, 720),)) == [afternoon]
    assert set_dates(session, grace, [THE_EIGHTH + timedelta(days=1)], ()) == []


def test_so_does_giving_a_date_its_weekly_hours_again(session, grace):
    saturday = date(2026, 12, 12)
    set_dates(session, grace, [saturday], ((540, 720),))
    booking = make_booking(session, make_offering(session, grace), make_user(session), TEN + timedelta(days=4))

    assert set_dates(session, grace, [saturday], None) == [booking]
    assert set_dates(session, grace, [saturday], None, told={booking.public_id}) == []
    assert written(session, grace).overrides == {}


def test_dates_are_counted_and_those_that_are_past_forgotten(session, grace):
    soon = date(2026, 12, 2)
    set_dates(session, grace, [soon], ())
    later = TUESDAY + timedelta(days=7)
    first = date(2026, 12, 9)
    most = [first + timedelta(days=number) for number in range(hours.MOST_DATES)]

    set_dates(session, grace, most, (), now=later)

    assert len(session.scalars(select(DateOverride.day)).all()) == hours.MOST_DATES
    with pytest.raises(TooMuchWritten):
        set_dates(session, grace, [most[-1] + timedelta(days=1)], (), now=later)


def test_time_off_is_written_on_the_mentors_clock(session, grace):
    away(session, grace, december(21), december(24, 12))

    assert written(session, grace).time_off == ((december(21), december(24, 12)),)


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        pytest.param(december(20), december(22), (december(20), december(24)), id="over its beginning"),
        pytest.param(december(22), december(23), (december(21), december(24)), id="within"),
        pytest.param(december(24), december(26), (december(21), december(26)), id="touching"),
        pytest.param(december(1, 12), december(31), (december(1, 12), december(31)), id="around"),
    ],
)
def test_time_off_that_meets_is_one(session, grace, start, end, whole):
    away(session, grace, december(21), december(24))

    away(session, grace, start, end)

    assert written(session, grace).time_off == (whole,)


def test_time_off_apart_stays_apart_and_goes_one_by_one(session, grace):
    away(session, grace, december(21), december(22))
    away(session, grace, december(23), december(24))
    first = session.scalars(select(TimeOff.id).order_by(TimeOff.id)).first()

    hours.remove_time_off(session, grace.id, first)

    assert written(session, grace).time_off == ((december(23), december(24)),)


def test_time_off_tells_what_is_booked_in_it(session, grace, afternoon):
    assert away(session, grace, december(8, 14), december(8, 15)) == [afternoon]
    assert away(session, grace, december(8, 15), december(8, 17)) == []
    assert away(session, grace, december(8, 14), december(8, 15), told={afternoon.public_id}) == []


def test_nobody_takes_anothers_time_off_away(session, grace):
    edsger = make_mentor(session, "Edsger Example")
    away(session, edsger, december(21), december(24))
    his = session.scalars(select(TimeOff.id)).one()

    with pytest.raises(NotFound):
        hours.remove_time_off(session, grace.id, his)

    assert session.scalars(select(TimeOff.id)).all() == [his]


def test_time_off_is_counted_and_what_is_past_forgotten(session, grace):
    away(session, grace, december(2), december(3))
    later = TUESDAY + timedelta(days=7)
    start = december(9)
    for number in range(hours.MOST_TIME_OFF):
        away(session, grace, start + timedelta(days=2 * number), start + timedelta(days=2 * number + 1), now=later)

    assert len(session.scalars(select(TimeOff.id)).all()) == hours.MOST_TIME_OFF
    with pytest.raises(TooMuchWritten):
        away(session, grace, start + timedelta(days=300), start + timedelta(days=301), now=later)


def test_boundaries_are_written_and_read_back(session, grace):
    limits = Boundaries(
        notice=timedelta(minutes=90),
        horizon=timedelta(days=30),
        step=timedelta(minutes=20),
        buffer_before=timedelta(0),
        buffer_after=timedelta(minutes=5),
        sessions_a_day=3,
        sessions_a_week=9,
        minutes_a_day=240,
    )

    hours.set_boundaries(session, grace.id, limits, told=(), now=TUESDAY)

    assert written(session, grace).boundaries == limits


def test_a_mentor_without_boundaries_gets_their_first_row(session, grace):
    session.delete(session.get_one(BoundaryRow, grace.id))
    session.flush()

    hours.set_boundaries(session, grace.id, Boundaries(sessions_a_day=2), told=(), now=TUESDAY)

    assert boundaries_in(session.get_one(BoundaryRow, grace.id)).sessions_a_day == 2


def test_a_lower_cap_tells_which_days_hold_more(session, grace, afternoon):
    morning = make_booking(session, make_offering(session, grace), make_user(session, "Alan Example"), TEN)
    one_a_day = Boundaries(sessions_a_day=1)

    assert hours.set_boundaries(session, grace.id, one_a_day, told=(), now=TUESDAY) == [morning, afternoon]
    told = {morning.public_id, afternoon.public_id}
    assert hours.set_boundaries(session, grace.id, one_a_day, told=told, now=TUESDAY) == []
    assert written(session, grace).boundaries.sessions_a_day == 1


def test_boundaries_that_were_read_before_the_lock_are_read_again(app, session, grace):
    """As a page reads them before it holds a time: rows stay readable after a commit."""
    read = written(session, grace).boundaries
    session.commit()
    with Session(session.get_bind()) as other:
        hours.set_boundaries(other, grace.id, Boundaries(sessions_a_day=1), told=(), now=TUESDAY)
        other.commit()

    again = written(session, grace).boundaries

    assert (read.sessions_a_day, again.sessions_a_day) == (5, 1)


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        pytest.param(
            lambda mentor: WorkingHours(mentor_id=mentor.id, weekday=6, minutes=[]),
            "a_day_without_hours_has_no_row",
            id="a day without hours",
        ),
        pytest.param(
            lambda mentor: WorkingHours(mentor_id=mentor.id, weekday=6, minutes=spans("23:00-24:30")),
            "hours_lie_within_a_day",
            id="hours past midnight",
        ),
        pytest.param(
            lambda mentor: TimeOff(mentor_id=mentor.id, span=Range(december(22), december(23), bounds="[]")),
            "time_off_is_half_open",
            id="time off with its end",
        ),
        pytest.param(
            lambda mentor: TimeOff(mentor_id=mentor.id, span=Range(december(23), december(26))),
            "time_off_is_written_once",
            id="time off over other time off",
        ),
    ],
)
def test_the_database_keeps_what_no_page_may_write(session, grace, row, constraint):
    away(session, grace, december(24), december(25))
    session.add(row(grace))

    with pytest.raises(IntegrityError, match=constraint):
        session.flush()


def test_a_horizon_within_the_notice_is_refused_by_the_database_itself(session):
    with pytest.raises(IntegrityError, match="bookings_open_before_the_notice"):
        make_mentor(session, boundaries={"notice_minutes": 1440, "horizon_days": 1})


@pytest.mark.parametrize("cap", ["sessions_a_day", "sessions_a_week", "minutes_a_day"])
def test_the_database_takes_no_cap_that_the_rules_refuse(session, grace, cap):
    given: Any = {cap: 1441}
    with pytest.raises(ValueError, match="Allow"):
        Boundaries(**given)

    with pytest.raises(IntegrityError) as refused:
        session.execute(update(BoundaryRow).where(BoundaryRow.mentor_id == grace.id).values({cap: 1441}))

    assert violated(refused.value) == "caps_are_sane"
