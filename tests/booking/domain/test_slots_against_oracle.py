"""The slot engine against a brute force that shares no code with it, under three time zones of the server."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, seed, settings

from booking.domain.recurrence import instant
from booking.domain.refusals import Rule
from booking.domain.slots import bookable, why_not
from tests.booking.domain.oracle import MINUTE, Oracle, Question
from tests.booking.domain.questions import questions

OFTEN = {Rule.OUTSIDE_HOURS, Rule.OUTSIDE_ENVELOPE, Rule.OFF_GRID, Rule.TOO_SOON, Rule.TIME_OFF}
"""Random questions meet these in any sixty; the rarer rules have tests of their own."""
SERVER_ZONES = ["UTC", "America/New_York", "Asia/Kathmandu"]


def compare(cases: int, *, first: int, changed: int = 0) -> Counter[str]:
    """Ask both sides that many random questions; what was really compared.

    Which questions a seed brings depends on the modules that this process has loaded (hypothesis reads their
    constants), so their mix is not known beforehand: rounds of other seeds follow, at most four in all, until that
    many slots on days of a clock change were among them.
    """
    seen: Counter[str] = Counter()
    for turn in range(4):
        seen += compared(cases, first + 1_000 * turn)
        if seen["slots on clock-change days"] >= changed:
            break
    return seen


def compared(cases: int, first: int) -> Counter[str]:
    seen: Counter[str] = Counter()

    @seed(first)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(questions())
    def agree(question: Question) -> None:
        listed = bookable(question.schedule, window=question.window, **question.facts)

        is_same = listed == Oracle(question).slots()  # comparing thousands of slots in words would take for ever
        assert is_same
        seen["cases"] += 1
        seen["cases with slots"] += bool(listed)
        seen["slots"] += len(listed)
        seen["slots on clock-change days"] += sum(changes_clock(slot.day, question.schedule.zone) for slot in listed)

    agree()
    return seen


def changes_clock(day, zone) -> bool:
    return instant(day, 1440, zone) - instant(day, 0, zone) != timedelta(hours=24)


@pytest.mark.parametrize("server_zone", SERVER_ZONES[1:2], indirect=True)
def test_a_hundred_random_schedules_have_the_slots_of_the_brute_force(server_zone):
    seen = compare(100, first=0, changed=1_000)

    assert seen["cases"] >= 100
    assert seen["slots"] >= 5_000
    assert seen["slots on clock-change days"] >= 1_000


@pytest.mark.slow
@pytest.mark.parametrize("server_zone", SERVER_ZONES, indirect=True)
def test_random_schedules_have_the_slots_of_the_brute_force_whatever_the_server_zone(server_zone):
    seen = compare(500, first=1 + SERVER_ZONES.index(server_zone), changed=4_000)

    assert seen["cases"] >= 500
    assert seen["cases with slots"] >= 200
    assert seen["slots"] >= 20_000
    assert seen["slots on clock-change days"] >= 4_000


@pytest.mark.slow
@pytest.mark.parametrize("server_zone", SERVER_ZONES[2:], indirect=True)
def test_what_is_listed_can_be_held_and_what_is_not_listed_is_refused_by_a_rule_it_breaks(server_zone):
    seen: Counter[str] = Counter()

    @seed(60)
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(questions(longest_window=480))
    def agree(question: Question) -> None:
        listed = {slot.start for slot in bookable(question.schedule, window=question.window, **question.facts)}
        oracle = Oracle(question)
        for minute in oracle.minutes_of(question.window):
            start = oracle.line.moment(minute)
            refusal = why_not(question.schedule, start, **question.facts)
            assert (refusal is None) == (start in listed)
            assert refusal is None or refusal.rule in set(oracle.broken(minute))
            assert start in listed or why_not(question.schedule, start + MINUTE / 2, **question.facts)
            seen[refusal.rule if refusal else "held"] += 1

    agree()
    assert seen["held"] >= 100
    assert set(seen) >= OFTEN, "what refuses often should have come up"
