"""When an event that came to nothing is tried again."""

from datetime import timedelta
from itertools import count, takewhile

import pytest

from payments.domain.inbox import FIRST_GAP, KEEP_TRYING_FOR, LONGEST_GAP, gap_after

GAPS = [gap for gap in takewhile(bool, map(gap_after, count(1))) if gap is not None]


@pytest.mark.parametrize(
    ("attempts", "gap"),
    [
        pytest.param(1, timedelta(seconds=30), id="soon: perhaps the object is just being stored"),
        pytest.param(2, timedelta(minutes=2), id="four times as long"),
        pytest.param(4, timedelta(minutes=32), id="and so on"),
        pytest.param(7, timedelta(hours=12), id="but twice a day at least"),
    ],
)
def test_the_gaps_grow(attempts, gap):
    assert gap_after(attempts) == gap


def test_it_is_tried_for_three_days_and_then_left():
    assert sorted(GAPS) == GAPS
    assert (GAPS[0], GAPS[-1]) == (FIRST_GAP, LONGEST_GAP)
    assert KEEP_TRYING_FOR - LONGEST_GAP < sum(GAPS, timedelta(0)) <= KEEP_TRYING_FOR
    assert gap_after(len(GAPS) + 1) is None
