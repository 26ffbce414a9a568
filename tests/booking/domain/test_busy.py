from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.boundaries import LONGEST_HORIZON
from booking.domain.busy import SLOWEST, busy_within, pause_after, takes_time, window_at
from booking.domain.busy_address import LONGEST_ADDRESS, NoAddress, address_of, host_of
from booking.domain.intervals import Interval

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def span(start: float, end: float) -> Interval:
    return Interval(NOW + start * HOUR, NOW + end * HOUR)


def test_what_anybody_can_book_lies_in_the_window_for_a_month_to_come():
    window = window_at(NOW)

    assert window.start < NOW
    assert window.end > NOW + LONGEST_HORIZON + timedelta(days=31)


@pytest.mark.parametrize(
    ("status", "transparency", "outlook", "takes"),
    [
        pytest.param("", "", "", True, id="nothing is said"),
        pytest.param("CONFIRMED", "OPAQUE", "BUSY", True, id="all say so"),
        pytest.param("TENTATIVE", "", "TENTATIVE", True, id="perhaps"),
        pytest.param("cancelled", "", "", False, id="cancelled, in small letters"),
        pytest.param("", "Transparent", "BUSY", False, id="one says free"),
        pytest.param("", "OPAQUE", "WORKINGELSEWHERE", False, id="at work elsewhere"),
        pytest.param("PERHAPS", "GLASS", "ASLEEP", True, id="words that nobody knows"),
    ],
)
def test_what_does_not_say_that_it_is_free_takes_time(status: str, transparency: str, outlook: str, takes: bool):
    assert takes_time(status=status, transparency=transparency, outlook=outlook) is takes


def test_busy_times_are_cut_to_the_window_and_joined():
    spans = [span(5, 9), span(-3, 1), span(2, 3), span(1, 2), span(9, 10), span(12, 13)]

    assert busy_within(span(0, 8), spans) == (span(0, 3), span(5, 8))


@pytest.mark.parametrize(
    ("failures", "again_in", "pause"),
    [
        pytest.param(0, None, QUARTER, id="after an answer"),
        pytest.param(1, None, 2 * QUARTER, id="after a failure twice as long"),
        pytest.param(3, None, 2 * HOUR, id="doubled each time"),
        pytest.param(5, None, SLOWEST, id="six hours at most"),
        pytest.param(10_000, None, SLOWEST, id="however often"),
        pytest.param(1, 7200, 2 * HOUR, id="as long as it is asked for"),
        pytest.param(1, 60, 2 * QUARTER, id="not shorter"),
        pytest.param(1, 10**8, 24 * HOUR, id="nobody is left alone for years"),
    ],
)
def test_a_calendar_that_fails_is_left_alone_longer_and_longer(failures: int, again_in: int | None, pause: timedelta):
    assert pause_after(failures, every=QUARTER, spread=0, again_in=again_in) == pause


def test_calendars_are_spread_over_a_tenth_of_the_pause():
    assert pause_after(0, every=QUARTER, spread=1) == QUARTER * 1.1


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        pytest.param("https://calendar.example/a.ics?token=1", "https://calendar.example/a.ics?token=1", id="https"),
        pytest.param(" webcal://calendar.example/a.ics ", "https://calendar.example/a.ics", id="webcal"),
        pytest.param("WEBCALS://calendar.example", "https://calendar.example/", id="webcals, without a path"),
        pytest.param("https://calendar.example:443/a#b", "https://calendar.example:443/a", id="its own port, a part"),
    ],
)
def test_an_address_is_taken_as_apps_hand_it_out(typed: str, address: str):
    assert address_of(typed) == address


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        pytest.param("", "unclear", id="nothing"),
        pytest.param("calendar.example/a.ics", "unclear", id="no scheme"),
        pytest.param("https://", "unclear", id="no name"),
        pytest.param("https://calendar.example/a b", "unclear", id="with a space"),
        pytest.param("https://[calendar.example/", "unclear", id="half a bracket"),
        pytest.param("https://calendar.example:99999/", "unclear", id="no such port"),
        pytest.param("http://calendar.example/a.ics", "scheme", id="open to every reader on the way"),
        pytest.param("file:///etc/passwd", "scheme", id="a file"),
        pytest.param("javascript:alert(1)", "scheme", id="a program"),
        pytest.param("https://me:secret@calendar.example/", "password", id="with a password"),
        pytest.param("https://calendar.example:8443/", "port", id="another port"),
        pytest.param("https://calendar.example/" + "a" * LONGEST_ADDRESS, "long", id="endless"),
    ],
)
def test_what_cannot_be_the_address_of_a_calendar_is_refused(typed: str, why: str):
    with pytest.raises(NoAddress) as refused:
        address_of(typed)

    assert refused.value.why == why


def test_only_the_host_of_an_address_is_ever_told():
    assert host_of("https://calendar.example/private-9f2c/basic.ics") == "calendar.example"
