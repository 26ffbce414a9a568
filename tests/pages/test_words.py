"""States and policies in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.states import BookingStatus
from booking.words.bookings import policy_words
from marketplace.pages.words import STATES, state_words

START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
END = START + timedelta(hours=1)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
SECOND = timedelta(seconds=1)


def test_every_state_has_words():
    assert set(STATES) == set(BookingStatus)


@pytest.mark.parametrize(
    ("now", "label"),
    [
        pytest.param(START - SECOND, "confirmed", id="ahead"),
        pytest.param(START, "now", id="from its start"),
        pytest.param(END, "over", id="from its end"),
    ],
)
def test_a_confirmed_session_is_told_apart_by_the_clock(now, label):
    assert state_words(BookingStatus.CONFIRMED, START, END, now).label == label


@pytest.mark.parametrize(
    ("now", "words"),
    [
        pytest.param(
            START - timedelta(hours=24),
            "Free to cancel or move until Mon 7 Dec, 10:30; half back after that.",
            id="in time",
        ),
        pytest.param(
            START - timedelta(hours=24) + SECOND,
            "Half back if cancelled before Tue 8 Dec, 10:30; nothing after that.",
            id="a second late",
        ),
        pytest.param(START, "It is too late to cancel.", id="begun"),
    ],
)
def test_the_policy_is_told_as_dates(now, words):
    assert policy_words("standard", START, STOCKHOLM, now) == words


def test_presets_have_their_own_dates():
    now = START - timedelta(days=7)

    assert "Mon 7 Dec, 22:30" in policy_words("flexible", START, STOCKHOLM, now)
    assert "Sun 6 Dec, 10:30" in policy_words("firm", START, STOCKHOLM, now)
