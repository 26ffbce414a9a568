"""Many mentors' diaries at once are the diaries of each."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from sqlalchemy.dialects.postgresql import Range

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.models.bookings import DateOverride
from booking.models.days import TimeOff
from booking.queries.bookings import diaries, diary
from tests.booking.bookings import TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user
from tests.queries import count_queries

MONTH = Interval(TUESDAY, TUESDAY + timedelta(days=30))


def three_mentors(session):
    """One with sessions, one with a date of their own and a time off, one with another zone, hours and limits."""
    ada, alan = make_user(session), make_user(session, "Alan Example")
    grace, edsger = make_mentor(session), make_mentor(session, "Edsger Example")
    late = make_mentor(session, "Late Example", zone="Asia/Tokyo", weekly={2: hours("13:00-17:00")})
    make_booking(session, make_offering(session, grace), ada)
    make_booking(session, make_offering(session, edsger), alan, TEN + timedelta(days=1))
    session.add(DateOverride(mentor_id=edsger.id, day=date(2026, 12, 8), minutes=hours("11:00-12:00")))
    away = Range(datetime(2026, 12, 14), datetime(2026, 12, 19))  # noqa: DTZ001  wall time
    session.add(TimeOff(mentor_id=edsger.id, span=away))
    session.commit()
    return ada, [grace.id, edsger.id, late.id]


def times(found):
    return found.bookable(minutes=60, window=MONTH, now=TUESDAY)


@pytest.mark.parametrize("with_mentee", [True, False])
def test_diaries_are_the_diary_of_each(session, with_mentee):
    ada, ids = three_mentors(session)
    mentee_id = ada.id if with_mentee else None

    together = diaries(session, ids, mentee_id=mentee_id, around=MONTH, envelope=Envelope())

    alone = {
        each: diary(session, mentor_id=each, mentee_id=mentee_id, around=MONTH, envelope=Envelope()) for each in ids
    }
    assert together == alone
    assert len({len(times(found)) for found in together.values()}) == 3


def test_diaries_of_many_take_as_many_queries_as_those_of_one(session):
    ada, ids = three_mentors(session)
    with count_queries() as for_one:
        diaries(session, ids[:1], mentee_id=ada.id, around=MONTH, envelope=Envelope())

    with count_queries() as for_three:
        diaries(session, ids, mentee_id=ada.id, around=MONTH, envelope=Envelope())

    assert len(for_three) == len(for_one)


def test_who_is_no_mentor_has_no_diary(session):
    ada, ids = three_mentors(session)

    assert set(diaries(session, [*ids, ada.id], mentee_id=None, around=MONTH, envelope=Envelope())) == set(ids)
    assert diaries(session, [], mentee_id=None, around=MONTH, envelope=Envelope()) == {}


def test_upcoming_times_are_the_first_of_those_that_can_be_booked(session):
    _, ids = three_mentors(session)

    for found in diaries(session, ids, mentee_id=None, around=MONTH, envelope=Envelope()).values():
        assert list(islice(found.upcoming(minutes=60, window=MONTH, now=TUESDAY), 3)) == times(found)[:3]
