"""Living by other clocks for some dates: judged there, told before it is done, and never a change to a session."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.zones import Journey
from booking.models.days import JourneyRow
from booking.queries.bookings import bookable_slots, schedule_of
from booking.queries.days import journeys_of, zones_of
from booking.services.hold import hold_slots
from booking.services.hours import HoursLocked, TooMuchWritten
from booking.services.journeys import MOST_JOURNEYS, TwoPlacesAtOnce, stay, travel
from booking.services.notify import reach_mentor_at
from marketplace.core.db import violated
from marketplace.core.errors import NotFound
from tests.booking.bookings import TEN, make_booking
from tests.booking.services.test_hours import columns
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

NEW_YORK = "America/New_York"
WEEK = Journey(date(2026, 12, 7), date(2026, 12, 11), NEW_YORK)
HOUR = timedelta(hours=1)


def go(session, mentor, journey=WEEK, *, told=(), now=TUESDAY):
    return travel(session, mentor.id, journey, told=told, now=now)


def schedule(session, mentor):
    return schedule_of(session, mentor.id, Envelope())


def test_times_are_those_of_the_clock_there(session, grace):
    go(session, grace)

    day = Interval(datetime(2026, 12, 8, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC))
    found = bookable_slots(session, mentor_id=grace.id, minutes=60, window=day, now=TUESDAY, envelope=Envelope())
    assert (found[0].start, found[-1].end) == (TEN + 5 * HOUR, TEN + 13 * HOUR)


def test_a_booking_keeps_the_zone_and_the_local_times_of_the_journey(session, grace):
    go(session, grace)
    offering, ada = make_offering(session, grace), make_user(session)

    [held] = hold_slots(
        session,
        offering=offering,
        mentee_id=ada.id,
        starts=[TEN + 5 * HOUR],
        held_until=TUESDAY + HOUR,
        now=TUESDAY,
        envelope=Envelope(),
        site_meeting_url="https://meet.example.org/room",
    )

    assert (held.zone, held.local_start.hour) == (NEW_YORK, 9)


def test_a_session_that_would_be_at_night_there_is_told_before_and_stays_untouched(session, grace):
    booking = make_booking(session, make_offering(session, grace), make_user(session), TEN)
    before = columns(booking)

    assert go(session, grace) == [booking]
    assert schedule(session, grace).journeys == ()
    assert go(session, grace, told={booking.public_id}) == []
    session.refresh(booking)
    assert columns(booking) == before


def test_staying_tells_of_the_sessions_that_were_booked_there(session, grace):
    go(session, grace)
    late = TEN + 10 * HOUR
    booking = make_booking(session, make_offering(session, grace), make_user(session), late)
    ((written,),) = journeys_of(session, [grace.id]).values()

    assert stay(session, grace.id, written.id, told=(), now=TUESDAY) == [booking]
    assert schedule(session, grace).journeys == (WEEK,)
    assert stay(session, grace.id, written.id, told={booking.public_id}, now=TUESDAY) == []
    assert schedule(session, grace).journeys == ()
    with pytest.raises(NotFound):
        stay(session, grace.id, written.id, told=(), now=TUESDAY)


def test_nobody_is_on_two_journeys_at_once(session, grace):
    go(session, grace)

    with pytest.raises(TwoPlacesAtOnce):
        go(session, grace, Journey(WEEK.last, WEEK.last + timedelta(days=3), "Asia/Tokyo"))

    assert go(session, grace, Journey(WEEK.last + timedelta(days=1), WEEK.last + timedelta(days=3), "Asia/Tokyo")) == []


def test_the_database_refuses_two_places_at_once_and_journeys_without_end(session, grace):
    go(session, grace)
    for days, constraint in (
        (Range(WEEK.last, WEEK.last + timedelta(days=2)), "in_one_place_at_a_time"),
        (Range(date(2027, 1, 1), None), "journey_has_both_ends"),
        (Range(empty=True), "journey_has_both_ends"),
    ):
        with pytest.raises(IntegrityError) as refused, session.begin_nested():
            session.execute(insert(JourneyRow).values(mentor_id=grace.id, days=days, zone="UTC"))
        assert violated(refused.value) == constraint


def test_there_is_an_end_to_how_many_journeys_are_written_down(session, grace):
    for number in range(MOST_JOURNEYS):
        day = date(2027, 1, 1) + timedelta(days=number)
        go(session, grace, Journey(day, day, NEW_YORK))

    with pytest.raises(TooMuchWritten):
        go(session, grace, Journey(date(2027, 6, 1), date(2027, 6, 1), NEW_YORK))


def test_what_is_long_past_is_forgotten(session, grace):
    go(session, grace)

    later = TUESDAY + timedelta(days=60)
    go(session, grace, Journey(date(2027, 3, 1), date(2027, 3, 5), NEW_YORK), now=later)

    assert len(session.scalars(select(JourneyRow)).all()) == 1


def test_who_is_suspended_goes_nowhere(session):
    suspended = make_mentor(session, status="suspended")

    with pytest.raises(HoursLocked):
        go(session, suspended)
    with pytest.raises(HoursLocked):
        stay(session, suspended.id, 1, told=(), now=TUESDAY)


def test_nobody_ends_the_journey_of_another(session, grace):
    edsger = make_mentor(session, "Edsger Example", slug="edsger-example")
    go(session, edsger)
    ((written,),) = journeys_of(session, [edsger.id]).values()

    with pytest.raises(NotFound):
        stay(session, grace.id, written.id, told=(), now=TUESDAY)

    assert zones_of(session, edsger).journeys == (WEEK,)


def test_letters_wait_for_the_morning_there(session, grace):
    go(session, grace)

    at_nine_at_home = TEN - HOUR
    assert reach_mentor_at(session, grace.id, about=None, now=at_nine_at_home) == TEN + 5 * HOUR
