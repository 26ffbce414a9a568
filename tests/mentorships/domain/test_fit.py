"""Rules of fit: when somebody is asked, what a drop is, and what is told of many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.mentorships.domain.fit import (
    ENOUGH,
    STEP,
    Band,
    Counted,
    Item,
    Place,
    dropped,
    fits,
    is_due,
    last_due,
)

BAND = Band(20, 40)


def said(heard=4, goal=4, way=4, person=4):
    return {Item.HEARD: heard, Item.GOAL: goal, Item.WAY: way, Item.PERSON: person}


def test_they_are_asked_after_the_first_and_third_session_then_after_every_fourth():
    assert [number for number in range(20) if is_due(number)] == [1, 3, 7, 11, 15, 19]


@pytest.mark.parametrize(("sessions", "number"), [(0, None), (1, 1), (2, 1), (3, 3), (6, 3), (7, 7), (18, 15)])
def test_the_last_one_that_was_due_is_asked_about(sessions, number):
    assert last_due(sessions) == number


@pytest.mark.parametrize(
    ("before", "now", "fallen"),
    [
        pytest.param(said(), said(way=3), [Item.WAY], id="from the top, by one"),
        pytest.param(said(way=3), said(way=1), [], id="not from the top"),
        pytest.param(said(way=1), said(), [], id="rising"),
        pytest.param(said(), said(heard=0, person=2), [Item.HEARD, Item.PERSON], id="two, in the order of asking"),
    ],
)
def test_a_drop_is_what_was_at_the_top_and_is_not_any_more(before, now, fallen):
    assert dropped(before, now) == fallen


@pytest.mark.parametrize(("person", "does"), [(0, False), (1, False), (2, True), (4, True)])
def test_only_the_question_about_the_person_says_whether_they_fit(person, does):
    assert fits(said(heard=0, goal=0, way=0, person=person)) is does


@pytest.mark.parametrize(
    ("people", "misfits", "place"),
    [
        pytest.param(9, 9, None, id="too few to tell"),
        pytest.param(10, 1, Place.BELOW, id="10 of 100"),
        pytest.param(10, 2, Place.WITHIN, id="exactly the lower limit"),
        pytest.param(10, 4, Place.WITHIN, id="exactly the upper limit"),
        pytest.param(1000, 401, Place.ABOVE, id="a little more"),
    ],
)
def test_a_share_stands_beside_the_band_once_enough_people_answered(people, misfits, place):
    assert BAND.place(Counted(people, misfits)) is place


@given(st.integers(ENOUGH, 500).flatmap(lambda people: st.tuples(st.just(people), st.integers(0, people))))
def test_what_is_told_are_steps_and_never_farther_off_than_one(counted):
    told = Counted(*counted)

    assert told.people_told % STEP == 0
    assert told.people - STEP < told.people_told <= told.people
    assert told.percent_told % STEP == 0
    assert abs(told.percent_told - 100 * told.misfits / told.people) <= STEP / 2
