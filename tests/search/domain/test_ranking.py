"""The order of mentors: each step decides only among those whom the steps before it left equal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from marketplace.search.domain.ranking import PER_PAGE, STEPS, Place, Step, by_time, in_order, lot_of

TODAY = date(2026, 12, 1)
AT_NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
PLACE = Place(covered=1, first_common=TODAY, first=TODAY, next_at=AT_NINE, practised=2025, lot=5, mentor_id=1)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param({"covered": 2, "first_common": None, "practised": 0}, {}, id="needs before everything"),
        pytest.param({"practised": 2020}, {"first_common": TODAY + timedelta(1)}, id="an earlier day before freshness"),
        pytest.param(
            {"first_common": TODAY + timedelta(9)},
            {"first_common": None, "first": TODAY},
            id="late in both working days before early outside of the reader's",
        ),
        pytest.param(
            {"first_common": None, "first": TODAY},
            {"first_common": None, "first": TODAY + timedelta(1)},
            id="an earlier day among those who share no working hour",
        ),
        pytest.param({"practised": 2026, "lot": 9}, {}, id="freshness before the lot"),
        pytest.param({"lot": 4, "mentor_id": 9}, {}, id="the lot among equals"),
        pytest.param({}, {"mentor_id": 2}, id="and somebody is first even then"),
    ],
)
def test_steps_decide_one_after_the_other(better, worse):
    assert in_order(replace(PLACE, **better)) < in_order(replace(PLACE, **worse))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(
            {"covered": 0, "first_common": None, "practised": 0, "lot": 9},
            {"next_at": AT_NINE + timedelta(minutes=15)},
            id="a quarter of an hour earlier",
        ),
        pytest.param({}, {"covered": 0}, id="the usual order among equal times"),
    ],
)
def test_by_time_the_next_free_time_comes_before_everything(better, worse):
    assert by_time(replace(PLACE, **better)) < by_time(replace(PLACE, **worse))


def test_every_step_takes_part_in_the_order_that_is_published():
    assert list(STEPS) == list(Step)


def test_the_lot_is_the_same_all_day_and_another_the_next():
    today, tomorrow = ([lot_of(each, TODAY + timedelta(day)) for each in range(50)] for day in (0, 1))

    assert today == [lot_of(each, TODAY) for each in range(50)]
    assert today != tomorrow


def test_among_a_hundred_equals_each_has_a_fair_share_of_first_pages():
    """New or not: the lot knows nothing but a number. A fifth of the days each, give or take what chance does."""
    days = [TODAY + timedelta(day) for day in range(1000)]
    seen = dict.fromkeys(range(1, 101), 0)
    for day in days:
        places = [replace(PLACE, lot=lot_of(each, day), mentor_id=each) for each in seen]
        for place in sorted(places, key=in_order)[:PER_PAGE]:
            seen[place.mentor_id] += 1

    assert all(150 <= count <= 250 for count in seen.values())


def test_the_order_is_whole():
    places = [replace(PLACE, mentor_id=each, lot=lot_of(each, TODAY)) for each in range(200)]
    order = sorted(map(in_order, places))

    assert all(one < other for one, other in pairwise(order))
