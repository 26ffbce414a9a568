"""Until when a mentee may move: as long as cancelling would give all back, whatever it would cost."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.policy import ALL_BP, PRESETS, STANDARD
from payments.domain.moving import free_to_move_until, may_move

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize(("late", "may"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_exactly_at_the_limit_is_still_free(name, late, may):
    policy = PRESETS[name]

    assert may_move(policy, START, costs=True, now=START - policy.notice + late) is may


@pytest.mark.parametrize(("late", "may"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_what_cost_nothing_is_moved_until_it_begins(late, may):
    assert may_move(STANDARD, START, costs=False, now=START + late) is may
    assert free_to_move_until(STANDARD, START, costs=False) == START


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("hours", range(0, 60, 5))
def test_whoever_may_move_could_have_had_all_back_at_that_moment(name, hours):
    """So that no way leads by moving to more money than by cancelling."""
    policy, now = PRESETS[name], START - timedelta(hours=hours)

    all_back = policy.refund_bp(starts_at=START, cancelled_at=now) == ALL_BP

    assert may_move(policy, START, costs=True, now=now) is all_back
