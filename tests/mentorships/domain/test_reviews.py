"""When the two may write about each other, and when others read it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.mentorships.domain.reviews import BLIND, Met, may_write, published_at

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param([], None, id="nobody has written"),
        pytest.param([NOW], NOW + BLIND, id="one alone waits seven days"),
        pytest.param([NOW, NOW + 2 * DAY], NOW + 2 * DAY, id="both: with the second one"),
        pytest.param([NOW + 2 * DAY, NOW], NOW + 2 * DAY, id="whichever comes first in the list"),
    ],
)
def test_it_is_published_when_both_have_written_or_seven_days_after_the_first(written, expected):
    assert published_at(written) == expected


@pytest.mark.parametrize(
    ("met", "written", "after", "expected"),
    [
        pytest.param(Met(1, 0), [], DAY, False, id="one session is too few"),
        pytest.param(Met(2, 0), [], DAY, True, id="two are enough"),
        pytest.param(Met(1, 1), [], DAY, True, id="one of being listened to is enough"),
        pytest.param(Met(2, 0), [NOW], BLIND - timedelta(seconds=1), True, id="until it is published"),
        pytest.param(Met(2, 0), [NOW], BLIND, False, id="not from then on"),
        pytest.param(Met(2, 0), [NOW, NOW + DAY], DAY, False, id="nor when both have written"),
    ],
)
def test_who_may_write(met, written, after, expected):
    assert may_write(met, written, NOW + after) is expected


@given(st.lists(st.integers(0, 600), min_size=1, max_size=2), st.integers(0, 900))
def test_nobody_reads_the_other_ones_while_they_may_still_write(hours, later):
    """Nor is anything ever hidden again."""
    written, now = [NOW + timedelta(hours=each) for each in hours], NOW + timedelta(hours=later)
    at = published_at(written)
    assert at is not None

    assert may_write(Met(2, 0), written, now) is (now < at)
    assert min(written) <= at <= min(written) + BLIND
