"""How a mentorship begins, and what its two people decide about it."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.services.settle_hold import confirm
from marketplace.core.clock import utcnow
from marketplace.core.errors import NotFound
from marketplace.mentorships.closing import end_mentorships
from marketplace.mentorships.domain.states import Stage, Standing
from marketplace.mentorships.models.pairs import Mentorship, StandingChange
from marketplace.mentorships.queries.pairs import pair_of
from marketplace.mentorships.services.standing import StandsOtherwise, decide, rest
from tests.conftest import TUESDAY
from tests.factories import make_user
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.web import submit

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


def test_a_rest_may_say_from_when_on_they_go_on_and_both_read_it_until_they_do(session, pair, adas, graces):
    page = f"/mentorships/{pair.public_id}"
    days = {"2027-01-11": ["Back on 11 Jan 2027."], "2027-02-01": ["Back on 1 Feb 2027."], "": []}
    for day, shown in days.items():
        assert submit(adas, f"{page}/paused", page=page, back_on=day).status_code == 303
        for each in (adas, graces):
            assert re.findall(r"Back on [\w ]+2027\.", words(each.get(page))) == shown

    submit(graces, f"{page}/paused", page=page, back_on="2027-03-01")
    assert submit(adas, f"{page}/open", page=page).status_code == 303

    session.refresh(pair)
    assert (pair.standing, pair.back_on) == ("open", None)
    assert session.scalars(select(StandingChange.standing).order_by(StandingChange.id)).all() == ["paused", "open"]


def test_a_day_that_cannot_be_is_said_beside_its_field_and_nothing_rests(session, pair, adas):
    page = f"/mentorships/{pair.public_id}"

    answer = submit(adas, f"{page}/paused", page=page, back_on="2199-01-01")

    assert answer.status_code == 422
    assert "Enter a day between 2020 and 2100." in words(answer)
    assert 'value="2199-01-01"' in answer.text
    session.refresh(pair)
    assert pair.standing == "open"


def test_a_rest_that_ends_for_good_has_no_day_to_be_back(session, pair, ada):
    rest(session, pair.public_id, date(2027, 1, 11), by_id=ada.id, now=utcnow())
    decide(session, pair.public_id, Standing.ENDED, by_id=ada.id, now=utcnow())
    assert pair.back_on is None

    decide(session, pair.public_id, Standing.OPEN, by_id=ada.id, now=utcnow())
    rest(session, pair.public_id, date(2027, 1, 11), by_id=ada.id, now=utcnow())
    end_mentorships(session, ada.id, utcnow())

    session.refresh(pair)
    assert (pair.standing, pair.back_on) == ("ended", None)
