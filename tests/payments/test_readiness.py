"""What a mentor is told to be missing is exactly what keeps others from booking."""

from itertools import product

import pytest

from booking.domain.boundaries import Envelope
from booking.services.hold import NotBookable, hold_slots
from marketplace.core.config import Settings
from marketplace.mentors.domain.checklist import Need, Point, missing
from marketplace.mentors.queries import own_profile
from payments.readiness import readiness
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user
from tests.payments.conftest import TEN

EVENING = {day: hours("18:00-20:00") for day in range(1, 8)}


def left_open(session, mentor, **settings):
    items = readiness(session, own_profile(session, mentor.id), Settings(**settings))
    return set(missing(items, Need.BE_BOOKED))


@pytest.mark.parametrize(
    ("status", "meets", "sells", "works"),
    list(product(["approved", "paused"], [True, False], [True, False], [True, False])),
)
def test_a_time_can_be_held_if_and_only_if_nothing_is_missing(session, status, meets, sells, works):
    room = "https://meet.example.org/grace" if meets else None
    mentor = make_mentor(session, status=status, weekly=None if works else {}, meeting_url=room)
    offering = make_offering(session, mentor, active=sells)

    nothing_missing = not left_open(session, mentor)

    assert nothing_missing is (sells and can_hold(session, offering))


def can_hold(session, offering):
    try:
        hold_slots(
            session,
            offering=offering,
            mentee_id=make_user(session).id,
            starts=[TEN],
            held_until=TUESDAY,
            now=TUESDAY,
            envelope=Envelope(),
            site_meeting_url="",
        )
    except NotBookable:
        return False
    return True


def test_the_sites_own_room_is_a_place_to_meet(session):
    mentor = make_mentor(session)
    make_offering(session, mentor)

    assert left_open(session, mentor) == {Point.MEETING}
    assert left_open(session, mentor, meeting_url="https://meet.example.org/site") == set()


def test_hours_that_the_site_lets_nobody_book_are_none(session):
    mentor = make_mentor(session, weekly=EVENING, meeting_url="https://meet.example.org/grace")
    make_offering(session, mentor)

    assert left_open(session, mentor) == {Point.HOURS}
    assert left_open(session, mentor, envelope_closes=24 * 60) == set()
