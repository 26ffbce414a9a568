"""Rules of matching: more of what is needed is never worse, and nothing else about a person counts."""

from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.mentors.domain.profile import Way
from marketplace.search.domain.matching import STEPS, Match, Reason, in_order, shared_ways

MONDAY = date(2026, 12, 7)
DAYS = st.integers(0, 30).map(lambda days: MONDAY + timedelta(days=days))
WAYS = st.sets(st.sampled_from(list(Way))).map(lambda ways: shared_ways(ways, ways))
MATCHES = st.builds(
    Match,
    covered=st.integers(1, 8),
    ways=WAYS,
    first_common=st.none() | DAYS,
    first=DAYS,
    practised=st.integers(2000, 2026),
    lot=st.integers(0, 999_999),
)


def test_nothing_of_a_person_is_known_to_the_order_but_what_is_published():
    assert [field.name for field in fields(Match)] == ["covered", "ways", "first_common", "first", "practised", "lot"]
    assert list(STEPS) == list(Reason)


@given(st.lists(MATCHES, max_size=12, unique_by=lambda match: match.lot), st.randoms())
def test_the_order_is_the_same_however_mentors_are_numbered(matches, random):
    shuffled = random.sample(matches, len(matches))

    assert sorted(shuffled, key=in_order) == sorted(matches, key=in_order)


@given(MATCHES, MATCHES, st.integers(1, 8))
def test_who_covers_more_comes_first_whatever_else_is_true(one, other, more):
    assert in_order(replace(one, covered=other.covered + more)) < in_order(other)


@given(MATCHES, st.sampled_from(list(Way)))
def test_one_more_way_in_common_is_never_worse(match, way):
    assert in_order(replace(match, ways=shared_ways([*match.ways, way], Way))) <= in_order(match)


@given(MATCHES, st.integers(0, 10))
def test_an_earlier_common_day_is_never_worse_and_any_is_better_than_none(match, days):
    earlier = (match.first_common or match.first) - timedelta(days=days)

    assert in_order(replace(match, first_common=earlier)) <= in_order(match)


@given(st.sets(st.sampled_from(list(Way))), st.sets(st.sampled_from(list(Way))))
def test_ways_in_common_are_those_of_both_in_one_order(wanted, offered):
    assert set(shared_ways(wanted, offered)) == wanted & offered
    assert shared_ways(wanted, offered) == shared_ways(offered, wanted)
