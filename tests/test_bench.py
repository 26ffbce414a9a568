"""Every measurement of `make bench` still runs, for a moment; what it measures is not judged on a shared machine."""

from collections.abc import Callable
from typing import Any

import pytest

from tools.bench import confirmations, feeds, holds, search, slots, webhooks

pytestmark = pytest.mark.slow


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(slots.measure, id="slots"),
        pytest.param(lambda: holds.measure(seconds=1), id="holds"),
        pytest.param(lambda: confirmations.measure(each=3), id="confirmations"),
        pytest.param(lambda: feeds.measure(seconds=1), id="feeds"),
        pytest.param(lambda: webhooks.measure(seconds=1), id="webhooks"),
        pytest.param(lambda: search.measure(rounds=2, many=200), id="search"),
    ],
)
def test_a_measurement_compares_two_things_that_both_happened(measure: Callable[[], dict[str, Any]]) -> None:
    figures = measure()

    assert figures["ratio"] is None or figures["ratio"] > 0, figures
    assert all(value > 0 for value in figures.values() if isinstance(value, int | float)), figures
