from datetime import UTC, datetime, timedelta

import pytest

from marketplace.mentorships.domain.pulse import FRESH, QUIET, Pulse, Week, in_order_of_need, pulse
from marketplace.mentorships.domain.states import Stage

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
BRIEFLY = timedelta(seconds=1)


def weeks(*progress, stuck=False, ago=timedelta(days=1)):
    """One week apart, the last one so long ago."""
    last = len(progress) - 1
    return [
        Week(NOW - ago - timedelta(weeks=last - number), each, stuck and number == last)
        for number, each in enumerate(progress)
    ]


def beats(said, *, met=timedelta(days=5), has_next=False, stage=Stage.ACTIVE):
    return pulse(stage, said, last_met_at=NOW - met, has_next=has_next, began_at=NOW - timedelta(days=90), now=NOW)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        pytest.param(weeks(3, 4), Pulse.THRIVES, id="rising"),
        pytest.param(weeks(9, 7), Pulse.THRIVES, id="falling, and still good"),
        pytest.param(weeks(5, 4), Pulse.STEADY, id="falling"),
        pytest.param(weeks(6), Pulse.STEADY, id="one word only"),
        pytest.param(weeks(8, 9, stuck=True), Pulse.STUCK, id="stuck, whatever the number"),
        pytest.param(weeks(8, 9, stuck=True, ago=FRESH + BRIEFLY), Pulse.STEADY, id="stuck too long ago to know"),
        pytest.param([], Pulse.STEADY, id="nothing said"),
    ],
)
def test_what_the_last_weeks_say(said, found):
    assert beats(said) is found


@pytest.mark.parametrize(
    ("met", "has_next", "said", "found"),
    [
        pytest.param(QUIET, False, [], Pulse.STEADY, id="three weeks exactly"),
        pytest.param(QUIET + BRIEFLY, False, [], Pulse.STALLS, id="a second longer"),
        pytest.param(QUIET + BRIEFLY, True, [], Pulse.STEADY, id="the next session is booked"),
        pytest.param(QUIET + BRIEFLY, False, weeks(5), Pulse.STEADY, id="somebody still checks in"),
    ],
)
def test_who_has_not_met_for_three_weeks_with_nothing_ahead_has_stalled(met, has_next, said, found):
    assert beats(said, met=met, has_next=has_next) is found


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.COMPLETED, Stage.ENDED])
def test_what_rests_or_is_over_does_not_stall(stage):
    assert beats(weeks(1, stuck=True), met=10 * QUIET, stage=stage) is Pulse.RESTS


def test_who_needs_something_comes_first():
    assert sorted(Pulse, key=in_order_of_need)[:2] == [Pulse.STUCK, Pulse.STALLS]
