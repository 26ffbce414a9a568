from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.policy import FIRM, FLEXIBLE, PRESETS, STANDARD, CancellationPolicy

START = datetime(2026, 3, 30, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("name", "hours"), [("flexible", 12), ("standard", 24), ("firm", 48)])
def test_each_preset_has_its_free_limit(name, hours):
    assert CancellationPolicy.named(name).free_until(START) == START - timedelta(hours=hours)


@pytest.mark.parametrize("policy", [FLEXIBLE, STANDARD, FIRM], ids=lambda policy: policy.name)
@pytest.mark.parametrize(
    ("before_limit", "before_start", "refund_bp"),
    [
        pytest.param(timedelta(days=9), None, 10_000, id="long before"),
        pytest.param(timedelta(0), None, 10_000, id="exactly at the limit is free"),
        pytest.param(-SECOND, None, 5_000, id="a second late: half"),
        pytest.param(None, SECOND, 5_000, id="a second before the start: half"),
        pytest.param(None, timedelta(0), 0, id="at the start: nothing"),
        pytest.param(None, -timedelta(hours=1), 0, id="afterwards: nothing"),
    ],
)
def test_the_refund_depends_on_the_time_of_cancelling(policy, before_limit, before_start, refund_bp):
    cancelled_at = policy.free_until(START) - before_limit if before_limit is not None else START - before_start

    assert policy.refund_bp(starts_at=START, cancelled_at=cancelled_at) == refund_bp


def test_the_limit_counts_real_hours_through_a_clock_change():
    starts_at = datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))

    assert FLEXIBLE.free_until(starts_at) == datetime(2026, 3, 28, 22, tzinfo=UTC)


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="lenient"):
        CancellationPolicy.named("lenient")


def test_there_are_three_presets():
    assert list(PRESETS) == ["flexible", "standard", "firm"]
