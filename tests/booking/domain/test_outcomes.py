"""What became of a session, by what was said and when. Silence accepts; who contradicts is heard by the operator."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.outcomes import (
    DECIDED,
    MISSED_AFTER,
    TO_ANSWER,
    WINDOW,
    Claim,
    Decision,
    Facts,
    Said,
    Side,
    hearing_until,
    may_say,
    may_speak_until,
    missing_of,
    outcome,
    waits_for_answer_of,
)
from booking.domain.states import TRANSITIONS, BookingStatus

S = BookingStatus
START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
CLOSES = END + WINDOW
MOMENT = timedelta(microseconds=1)
MENTEE, MENTOR = Side.MENTEE, Side.MENTOR
MISSED, WAS_NOT, CAME, PROBLEM = Said.OTHER_MISSING, Said.WAS_MISSING, Said.TOOK_PLACE, Said.PROBLEM


def facts(*said, at=END):
    """What was said, a second after the other from `at` on."""
    numbers = count()
    return Facts(START, END, tuple(Claim(side, what, at + timedelta(seconds=next(numbers))) for side, what in said))


def test_nothing_is_over_before_its_end():
    assert outcome(facts(), END - MOMENT).status is S.CONFIRMED
    assert outcome(facts(), END).status is S.COMPLETED
    assert outcome(facts(), END).silence_at == CLOSES


def test_who_says_nothing_accepts_that_it_took_place():
    assert not outcome(facts(), CLOSES - MOMENT).is_final
    assert (outcome(facts(), CLOSES).status, outcome(facts(), CLOSES).is_final) == (S.COMPLETED, True)


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        pytest.param([(MENTEE, MISSED)], S.NO_SHOW_MENTOR, id="the mentee was alone"),
        pytest.param([(MENTOR, MISSED)], S.NO_SHOW_MENTEE, id="the mentor was alone"),
        pytest.param([(MENTOR, WAS_NOT)], S.NO_SHOW_MENTOR, id="the mentor says so"),
        pytest.param([(MENTEE, WAS_NOT)], S.NO_SHOW_MENTEE, id="the mentee says so"),
        pytest.param([(MENTEE, MISSED), (MENTEE, CAME)], S.COMPLETED, id="taken back"),
    ],
)
def test_silence_accepts_what_the_other_has_said(said, becomes):
    there = facts(*said)

    before, after = outcome(there, CLOSES - MOMENT), outcome(there, CLOSES)

    assert (before.status, before.is_final, before.silence_at) == (S.COMPLETED, False, CLOSES)
    assert (after.status, after.is_final, after.waits_for_operator) == (becomes, True, False)


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        pytest.param([(MENTEE, MISSED), (MENTOR, WAS_NOT)], S.NO_SHOW_MENTOR, id="the mentor admits it"),
        pytest.param([(MENTOR, MISSED), (MENTEE, WAS_NOT)], S.NO_SHOW_MENTEE, id="the mentee admits it"),
        pytest.param([(MENTOR, WAS_NOT), (MENTEE, WAS_NOT)], S.NO_SHOW_BOTH, id="neither came"),
        pytest.param([(MENTOR, MISSED), (MENTEE, CAME), (MENTEE, WAS_NOT)], S.NO_SHOW_MENTEE, id="after denying it"),
    ],
)
def test_what_both_say_is_final_at_once_and_not_before_the_end(said, becomes):
    early = facts(*said, at=START + MISSED_AFTER)

    assert outcome(early, END - MOMENT).status is S.CONFIRMED
    assert (outcome(early, END).status, outcome(early, END).is_final) == (becomes, True)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([(MENTEE, MISSED), (MENTOR, MISSED)], id="each was alone"),
        pytest.param([(MENTEE, MISSED), (MENTOR, CAME)], id="the mentor was there"),
        pytest.param([(MENTOR, MISSED), (MENTEE, CAME)], id="the mentee was there"),
        pytest.param([(MENTOR, WAS_NOT), (MENTEE, CAME)], id="too generous"),
    ],
)
def test_whoever_contradicts_is_heard_by_the_operator_and_no_silence_ends_it(said):
    for now in (END + timedelta(minutes=1), CLOSES, CLOSES + timedelta(days=99)):
        found = outcome(facts(*said), now)
        assert (found.status, found.is_final, found.waits_for_operator) == (S.COMPLETED, False, True)
        assert found.silence_at is None


def test_a_problem_waits_until_the_other_was_heard_or_has_had_the_time():
    alone, answered = facts((MENTEE, PROBLEM)), facts((MENTEE, PROBLEM), (MENTOR, CAME))

    assert not outcome(alone, CLOSES - MOMENT).waits_for_operator
    assert outcome(alone, CLOSES - MOMENT).silence_at == CLOSES
    assert outcome(alone, CLOSES).waits_for_operator
    assert outcome(answered, END + timedelta(hours=1)).waits_for_operator


def test_what_both_agree_on_does_not_end_a_problem():
    found = outcome(facts((MENTEE, PROBLEM), (MENTOR, MISSED), (MENTEE, WAS_NOT)), CLOSES)

    assert (found.is_final, found.waits_for_operator) == (False, True)


@pytest.mark.parametrize("decision", Decision)
def test_what_an_operator_decides_is_final(decision):
    found = outcome(replace(facts((MENTEE, MISSED), (MENTOR, CAME)), decision=decision), CLOSES)

    assert (found.status, found.is_final) == (DECIDED[decision], True)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(START + MISSED_AFTER - MOMENT, set(), id="ten minutes are waited"),
        pytest.param(START + MISSED_AFTER, {MISSED, WAS_NOT}, id="after ten minutes"),
        pytest.param(END, {MISSED, WAS_NOT, PROBLEM}, id="a problem from the end on"),
        pytest.param(CLOSES - MOMENT, {MISSED, WAS_NOT, PROBLEM}, id="for 48 hours"),
        pytest.param(CLOSES, set(), id="and no longer"),
    ],
)
def test_when_what_can_be_said(now, expected):
    assert may_say(facts(), MENTEE, now) == expected
    assert may_say(facts(), MENTOR, now) == expected


def test_each_thing_is_said_once_and_that_it_took_place_is_an_answer():
    there = facts((MENTEE, MISSED))

    assert may_say(there, MENTEE, END) == {WAS_NOT, CAME, PROBLEM}
    assert may_say(there, MENTOR, END) == {MISSED, WAS_NOT, CAME, PROBLEM}


def test_the_other_has_a_day_at_least_to_answer():
    late = facts((MENTEE, MISSED), at=CLOSES - MOMENT)

    assert hearing_until(late) == may_speak_until(late, MENTOR) == CLOSES - MOMENT + TO_ANSWER
    assert may_speak_until(late, MENTEE) == CLOSES
    assert may_say(late, MENTOR, CLOSES) == {MISSED, WAS_NOT, CAME}
    assert may_say(late, MENTEE, CLOSES) == set()
    assert not outcome(late, CLOSES).is_final
    assert outcome(late, CLOSES - MOMENT + TO_ANSWER).status is S.NO_SHOW_MENTOR


def test_whose_answer_is_waited_for():
    there = facts((MENTEE, MISSED))

    assert waits_for_answer_of(there, MENTOR, END + timedelta(hours=1))
    assert not waits_for_answer_of(there, MENTEE, END + timedelta(hours=1))
    assert not waits_for_answer_of(there, MENTOR, CLOSES)
    assert not waits_for_answer_of(facts((MENTEE, MISSED), (MENTOR, CAME)), MENTOR, END + timedelta(hours=1))


CLAIMS = st.builds(
    Claim,
    st.sampled_from(Side),
    st.sampled_from(Said),
    st.datetimes(
        min_value=(START + MISSED_AFTER).replace(tzinfo=None),
        max_value=(CLOSES + TO_ANSWER).replace(tzinfo=None),
        timezones=st.just(UTC),
    ),
)
HISTORIES = st.lists(CLAIMS, max_size=8).map(lambda claims: sorted(claims, key=lambda claim: claim.at))
NOWS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)).map(lambda after: START + after)


def heard(claims):
    """Only what can be said is: the others are refused, as the site refuses them."""
    there = Facts(START, END)
    for claim in claims:
        if claim.said in may_say(there, claim.side, claim.at):
            there = replace(there, claims=(*there.claims, claim))
    return there


@given(HISTORIES, NOWS, NOWS)
def test_what_is_final_stays_so_and_states_go_forward_only(claims, one, other):
    there = heard(claims)
    early, late = sorted([max(one, START), max(other, START)])
    known = replace(there, claims=tuple(claim for claim in there.claims if claim.at <= early))
    later = replace(there, claims=tuple(claim for claim in there.claims if claim.at <= late))

    before, after = outcome(known, early), outcome(later, late)

    if before.is_final:
        assert after == before
    assert after.status is before.status or after.status in TRANSITIONS[before.status]


@given(HISTORIES)
def test_it_always_ends_in_something_final_or_with_the_operator(claims):
    there = heard(claims)

    found = outcome(there, hearing_until(there))

    assert found.is_final is not found.waits_for_operator
    assert found.silence_at is None


@given(HISTORIES, NOWS)
def test_the_two_sides_are_treated_alike(claims, now):
    mirror = {
        S.NO_SHOW_MENTEE: S.NO_SHOW_MENTOR,
        S.NO_SHOW_MENTOR: S.NO_SHOW_MENTEE,
    }
    there = heard(claims)
    turned = replace(there, claims=tuple(replace(claim, side=claim.side.other) for claim in there.claims))

    one, other = outcome(there, now), outcome(turned, now)

    assert replace(one, status=mirror.get(one.status, one.status)) == other


def test_in_which_order_the_two_speak_does_not_matter_to_what_they_say():
    for said in permutations([(MENTEE, MISSED), (MENTOR, WAS_NOT), (MENTEE, PROBLEM)]):
        assert missing_of(facts(*said)) == frozenset({MENTOR})
