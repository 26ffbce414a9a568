from dataclasses import fields, replace
from typing import Any

import pytest

from marketplace.mentors.domain.checklist import NEEDS, Facts, Need, Point, checklist, missing
from marketplace.mentors.domain.states import MentorStatus

ALL = Facts(
    status=MentorStatus.APPROVED,
    **{field.name: True for field in fields(Facts) if field.name != "status"},
)
NOTHING = Facts(
    status=MentorStatus.DRAFT,
    **{field.name: False for field in fields(Facts) if field.name != "status"},
)
OF_FACT = {
    "verified": Point.VERIFIED,
    "has_basics": Point.BASICS,
    "has_story": Point.STORY,
    "has_ways": Point.WAYS,
    "has_topics": Point.TOPICS,
    "has_journey": Point.JOURNEY,
    "has_gifts": Point.GIFTS,
    "has_photo": Point.PHOTO,
    "can_meet": Point.MEETING,
    "can_be_paid": Point.PAYOUTS,
    "has_hours": Point.HOURS,
}


def open_points(facts):
    return {item.point for item in checklist(facts) if not item.done}


def test_nothing_is_missing_when_all_is_there():
    assert open_points(ALL) == set()


def test_everything_is_missing_in_the_beginning():
    assert open_points(NOTHING) == set(Point) - {Point.PRESENCE, Point.PAYOUTS}


@pytest.mark.parametrize(
    ("offers_free", "sells", "missed"),
    [
        pytest.param(False, False, {Point.OFFERING}, id="nothing to book"),
        pytest.param(True, False, set(), id="what is free needs nobody to be paid"),
        pytest.param(False, True, {Point.PAYOUTS}, id="what costs something does"),
        pytest.param(True, True, {Point.PAYOUTS}, id="both"),
    ],
)
def test_getting_paid_is_missing_for_who_sells_something(offers_free, sells, missed):
    facts = replace(ALL, can_be_paid=False, offers_free=offers_free, sells=sells)

    assert open_points(facts) == missed


def test_who_offers_something_free_can_be_booked_before_being_paid():
    facts = replace(ALL, can_be_paid=False)

    assert missing(checklist(facts), Need.BE_BOOKED) == []
    assert missing(checklist(facts), Need.SELL) == [Point.PAYOUTS]
    assert missing(checklist(replace(facts, offers_free=False)), Need.BE_BOOKED) == [Point.PAYOUTS]


@pytest.mark.parametrize(("fact", "point"), OF_FACT.items())
def test_each_fact_is_one_point(fact, point):
    lacking: Any = {fact: False}

    assert open_points(replace(ALL, **lacking)) == {point}


def test_every_fact_counts():
    assert set(OF_FACT) == {field.name for field in fields(Facts)} - {"status", "offers_free", "sells"}


@pytest.mark.parametrize(
    ("status", "missed"),
    [
        (MentorStatus.DRAFT, {Point.APPROVAL}),
        (MentorStatus.SUBMITTED, {Point.APPROVAL}),
        (MentorStatus.CHANGES_WANTED, {Point.APPROVAL}),
        (MentorStatus.SUSPENDED, {Point.APPROVAL}),
        (MentorStatus.PAUSED, {Point.PRESENCE}),
        (MentorStatus.APPROVED, set()),
    ],
)
def test_only_who_is_approved_and_not_on_a_break_can_be_booked(status, missed):
    assert open_points(replace(ALL, status=status)) == missed


def test_a_break_is_a_point_only_for_who_takes_one():
    assert Point.PRESENCE not in [item.point for item in checklist(ALL)]


def test_a_photo_a_journey_and_gifts_are_asked_of_nobody():
    assert {point for point, need in NEEDS.items() if need is Need.SHINE} == {Point.PHOTO, Point.JOURNEY, Point.GIFTS}


def test_what_stops_an_application_is_told_in_the_order_of_writing():
    assert missing(checklist(NOTHING), Need.APPLY) == [
        Point.VERIFIED,
        Point.BASICS,
        Point.STORY,
        Point.WAYS,
        Point.TOPICS,
    ]
