"""How a mentorship begins, and what its two people decide about it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.services.settle_hold import confirm
from marketplace.core.clock import utcnow
from marketplace.core.errors import NotFound
from marketplace.mentorships.domain.states import Stage, Standing
from marketplace.mentorships.models import Mentorship, StandingChange
from marketplace.mentorships.queries import pair_of
from marketplace.mentorships.services.standing import StandsOtherwise, decide
from tests.conftest import TUESDAY
from tests.factories import make_user
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.sales import make_sale

HELD_UNTIL = TUESDAY + timedelta(minutes=30)


def held(session, offering, mentee, weeks=0):
    starts_at = NEXT_TUESDAY + weeks * WEEK
    return make_sale(session, offering, mentee, starts_at, status=BookingStatus.HELD, held_until=HELD_UNTIL)[0]


def mentorships(session):
    return session.scalars(select(Mentorship)).all()


def stage_of(session, pair, person):
    return pair_of(session, pair.public_id, person.id, utcnow()).stage


def test_it_begins_with_the_first_session_that_a_pair_confirms(session, offering, ada):
    booking = held(session, offering, ada)
    assert mentorships(session) == []

    confirm(session, booking, now=utcnow())

    begun = mentorships(session)
    assert [(each.mentor_id, each.mentee_id, each.began_at) for each in begun] == [
        (offering.mentor_id, ada.id, booking.confirmed_at)
    ]


def test_a_pair_has_one_however_often_it_books(session, offering, ada, pair):
    confirm(session, held(session, offering, ada, weeks=1), now=utcnow())

    assert mentorships(session) == [pair]


def test_each_pair_has_its_own(session, offering, ada, pair):
    alan = make_user(session, "Alan Example")
    confirm(session, held(session, offering, alan, weeks=1), now=utcnow())

    assert {each.mentee_id for each in mentorships(session)} == {ada.id, alan.id}
    assert len({each.public_id for each in mentorships(session)}) == 2


def test_what_has_taken_place_says_where_they_stand(session, offering, ada, clock):
    booking = held(session, offering, ada)
    confirm(session, booking, now=utcnow())
    (pair,) = mentorships(session)
    stages = [stage_of(session, pair, ada)]
    clock.set(booking.ends_at)
    stages.append(stage_of(session, pair, ada))
    booking.status, booking.completed_at, booking.settled_at = "no_show_mentee", booking.ends_at, booking.ends_at
    session.flush()
    stages.append(stage_of(session, pair, ada))

    assert stages == [Stage.PROPOSED, Stage.TRIAL, Stage.PROPOSED]


@pytest.mark.parametrize("person", ["ada", "graces_account"])
def test_either_of_the_two_lets_it_rest_and_goes_on(session, pair, person, request):
    who = request.getfixturevalue(person)
    decide(session, pair.public_id, Standing.PAUSED, by_id=who.id, now=utcnow())
    assert stage_of(session, pair, who) is Stage.PAUSED

    decide(session, pair.public_id, Standing.OPEN, by_id=who.id, now=utcnow())

    assert stage_of(session, pair, who) is Stage.ACTIVE
    kept = session.scalars(select(StandingChange).order_by(StandingChange.id)).all()
    assert [(each.standing, each.by_id) for each in kept] == [("paused", who.id), ("open", who.id)]


def test_a_second_press_changes_nothing(session, pair, ada, graces_account):
    for who in (ada, ada, graces_account):
        decide(session, pair.public_id, Standing.ENDED, by_id=who.id, now=utcnow())

    assert [each.by_id for each in session.scalars(select(StandingChange))] == [ada.id]


def test_what_is_over_cannot_rest(session, pair, ada):
    decide(session, pair.public_id, Standing.COMPLETED, by_id=ada.id, now=utcnow())

    with pytest.raises(StandsOtherwise):
        decide(session, pair.public_id, Standing.PAUSED, by_id=ada.id, now=utcnow())


def test_nobody_else_decides(session, pair):
    alan = make_user(session, "Alan Example")

    with pytest.raises(NotFound):
        decide(session, pair.public_id, Standing.ENDED, by_id=alan.id, now=utcnow())


@pytest.mark.parametrize(
    ("standing", "after"),
    [(Standing.ENDED, "open"), (Standing.COMPLETED, "open"), (Standing.PAUSED, "paused")],
)
def test_booking_again_after_the_end_begins_again(session, offering, ada, pair, clock, standing, after):
    decide(session, pair.public_id, standing, by_id=ada.id, now=utcnow())
    clock.advance(timedelta(minutes=5))

    confirm(session, held(session, offering, ada, weeks=1), now=utcnow())

    session.refresh(pair)
    assert pair.standing == after
    changes = session.scalars(select(StandingChange).order_by(StandingChange.id)).all()
    assert [each.by_id for each in changes] == [ada.id, *([None] if after == "open" else [])]
