"""What a subscribed calendar shows, as a function of rows and epoch."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.calendar import AHEAD, BACK, MOST_EVENTS, epoch_of, shown, window
from booking.domain.states import CANCELLED, IN_CALENDARS, LAPSED, PENDING, BookingStatus
from tests.booking.bookings import appointment

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
DAY, WEEK, SECOND = timedelta(days=1), timedelta(days=7), timedelta(seconds=1)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(MONDAY, id="the Monday itself"),
        pytest.param(MONDAY + 3 * DAY, id="a Thursday"),
        pytest.param(MONDAY + WEEK - SECOND, id="the last second of Sunday"),
        pytest.param(datetime.fromisoformat("2026-11-30T01:00:00+01:00"), id="given in another zone"),
    ],
)
def test_the_epoch_is_the_monday_before_in_utc(now):
    assert epoch_of(now) == MONDAY


def test_the_epoch_moves_when_monday_begins_in_utc():
    assert epoch_of(MONDAY + WEEK) == MONDAY + WEEK


def test_a_session_booked_at_the_longest_horizon_is_shown_on_every_day_of_the_week():
    last_moment = MONDAY + WEEK - SECOND

    assert window(MONDAY).end > last_moment + timedelta(days=400)


@pytest.mark.parametrize(
    ("starts_at", "stands"),
    [
        pytest.param(MONDAY - BACK - SECOND, False, id="a second before the window"),
        pytest.param(MONDAY - BACK, True, id="where the window opens"),
        pytest.param(MONDAY + AHEAD - SECOND, True, id="a second before it closes"),
        pytest.param(MONDAY + AHEAD, False, id="where it closes"),
    ],
)
def test_a_session_is_shown_if_it_starts_in_the_window(starts_at, stands):
    assert bool(shown([appointment(starts_at=starts_at)], MONDAY)) is stands


@pytest.mark.parametrize("status", sorted(IN_CALENDARS))
def test_what_takes_place_or_took_place_is_shown(status):
    assert shown([appointment(status=status)], MONDAY)


@pytest.mark.parametrize("status", sorted(PENDING | LAPSED))
def test_holds_are_never_shown(status):
    assert shown([appointment(status=status)], MONDAY) == []


def test_every_state_is_either_shown_a_tombstone_or_hidden():
    assert frozenset(BookingStatus) == IN_CALENDARS | CANCELLED | PENDING | LAPSED


@pytest.mark.parametrize(
    ("cancelled_at", "starts_at", "stands"),
    [
        pytest.param(MONDAY - 30 * DAY + SECOND, MONDAY - 20 * DAY, True, id="cancelled less than 30 days ago"),
        pytest.param(MONDAY - 30 * DAY, MONDAY - 20 * DAY, False, id="cancelled exactly 30 days ago, start past"),
        pytest.param(MONDAY - 60 * DAY, MONDAY - 7 * DAY + SECOND, True, id="the start is less than 7 days ago"),
        pytest.param(MONDAY - 60 * DAY, MONDAY - 7 * DAY, False, id="the start is exactly 7 days ago"),
        pytest.param(MONDAY - 60 * DAY, MONDAY + 50 * DAY, True, id="the start is to come"),
    ],
)
def test_a_tombstone_stands_until_both_its_times_are_over(cancelled_at, starts_at, stands):
    cancelled = appointment(status=BookingStatus.CANCELLED_BY_MENTOR, changed_at=cancelled_at, starts_at=starts_at)

    assert bool(shown([cancelled], MONDAY)) is stands


def test_a_tombstone_goes_at_a_monday_and_not_before():
    cancelled = appointment(
        status=BookingStatus.CANCELLED_BY_MENTEE, changed_at=MONDAY - 28 * DAY, starts_at=MONDAY - 20 * DAY
    )
    past_its_time = MONDAY + 6 * DAY

    assert shown([cancelled], epoch_of(past_its_time))
    assert not shown([cancelled], epoch_of(MONDAY + WEEK))


def test_of_too_many_sessions_the_newest_are_kept():
    many = [appointment(uid=f"{n:04}", starts_at=MONDAY + n * timedelta(hours=2)) for n in range(MOST_EVENTS + 5)]

    kept = shown(reversed(many), MONDAY)

    assert kept == many[5:]
