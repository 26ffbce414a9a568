"""Every measurement of `make bench` still runs, for a moment; what it measures is not judged on a shared machine."""

import pytest

from tools.bench import calendars, confirmations, feeds, holds, search, slots, webhooks


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_measurement_compares_two_things_that_both_happened() -> None:
    """One after the other: they share a PostgreSQL, and the last one stops it."""
    measured: dict[str, dict[str, object]] = {
        "slots": dict(slots.measure(rounds=20)),
        "holds": dict(holds.measure(seconds=1)),
        "confirmations": dict(confirmations.measure(each=3)),
        "feeds": dict(feeds.measure(seconds=1)),
        **{name: dict(figures) for name, figures in calendars.measure(rounds=2, many=50).items()},
        "webhooks": dict(webhooks.measure(seconds=1)),
        "search": search.measure(rounds=2, many=200),
    }

    for name, figures in measured.items():
        numbers = [value for value in figures.values() if isinstance(value, int | float)]
        assert "ratio" in figures, name
        assert all(value > 0 for value in numbers), (name, figures)
