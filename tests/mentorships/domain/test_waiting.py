from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.mentorships.domain.waiting import asks_for_check_in, asks_for_review, next_look

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
FRIDAY = date(2026, 12, 4)


def at(day, hour, minute=0, second=0):
    return datetime(2026, 12, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "asked"),
    [
        pytest.param(at(4, 10), UTC, True, id="on Friday at ten"),
        pytest.param(at(4, 9, 59, 59), UTC, False, id="a second before"),
        pytest.param(at(4, 19, 59), UTC, True, id="late on Friday"),
        pytest.param(at(4, 20), UTC, False, id="too late: the week is let go"),
        pytest.param(at(5, 10), UTC, False, id="on Saturday"),
        pytest.param(at(4, 1), TOKYO, True, id="at ten in Tokyo"),
        pytest.param(at(4, 10), NEW_YORK, False, id="while it is five in New York"),
    ],
)
def test_a_week_is_asked_about_on_friday_of_the_mentees_clock(now, zone, asked):
    assert asks_for_check_in(now, zone) is asked


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        pytest.param(at(4, 9), True, id="at nine of its day"),
        pytest.param(at(4, 8, 59), False, id="before"),
        pytest.param(at(11, 12), True, id="a week late"),
        pytest.param(at(12, 0), False, id="too late to be of use"),
    ],
)
def test_an_agreement_is_asked_about_on_its_day(now, asked):
    assert asks_for_review(FRIDAY, now, UTC) is asked


@pytest.mark.parametrize(
    ("now", "zone", "review_on", "planned"),
    [
        pytest.param(at(1, 8), UTC, None, at(4, 10), id="the next Friday"),
        pytest.param(at(4, 9, 59), UTC, None, at(4, 10), id="today"),
        pytest.param(at(4, 10), UTC, None, at(11, 10), id="exactly then: a week on"),
        pytest.param(at(1, 8), UTC, date(2026, 12, 2), at(2, 9), id="a day that is nearer"),
        pytest.param(at(1, 8), UTC, date(2026, 12, 9), at(4, 10), id="a day that is not"),
        pytest.param(at(2, 9), UTC, date(2026, 12, 2), at(4, 10), id="a day that has come"),
        pytest.param(at(3, 16), TOKYO, None, at(4, 1), id="where it is Friday earlier"),
    ],
)
def test_the_next_look_is_when_something_may_have_come(now, zone, review_on, planned):
    assert next_look(now, zone, review_on) == planned
