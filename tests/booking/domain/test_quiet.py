from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.intervals import Interval
from booking.domain.quiet import NoWorkingTime, QuietHours, deliver_at, next_loud, remind_at
from booking.domain.recurrence import working_intervals

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 3, 2)
WORKING = [
    interval
    for _, interval in working_intervals(
        dict.fromkeys(range(1, 6), ((540, 1020),)),
        {date(2026, 3, 4): ()},
        [(datetime.fromisoformat("2026-03-03T13:00"), datetime.fromisoformat("2026-03-03T14:00"))],
        AMSTERDAM,
        MONDAY,
        date(2026, 3, 6),
    )
]
LATE_RISER = QuietHours(22 * 60, 10 * 60, AMSTERDAM)


def at(text):
    """A local time in Amsterdam in the week of Monday 2 March: "Tue 09:00"."""
    day, clock = text.split()
    number = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day)
    return datetime.combine(MONDAY + timedelta(days=number), time.fromisoformat(clock), AMSTERDAM)


@pytest.mark.parametrize(
    ("now", "quiet", "expected"),
    [
        pytest.param("Mon 09:00", None, "Mon 09:00", id="the first working minute"),
        pytest.param("Mon 16:59", None, "Mon 16:59", id="the last working minute"),
        pytest.param("Mon 17:00", None, "Tue 09:00", id="the end of work is quiet"),
        pytest.param("Mon 08:59", None, "Mon 09:00", id="before work"),
        pytest.param("Tue 13:20", None, "Tue 14:00", id="time off"),
        pytest.param("Tue 18:00", None, "Thu 09:00", id="over a closed day"),
        pytest.param("Mon 09:30", LATE_RISER, "Mon 10:00", id="own quiet hours in working time"),
        pytest.param("Mon 17:30", LATE_RISER, "Tue 10:00", id="own quiet hours the next morning"),
        pytest.param("Mon 12:00", QuietHours(720, 780, AMSTERDAM), "Mon 13:00", id="a quiet lunch"),
        pytest.param("Mon 09:00", QuietHours(0, 540, ZoneInfo("UTC")), "Mon 10:00", id="quiet hours of another zone"),
        pytest.param("Mon 16:00", QuietHours(960, 0, AMSTERDAM), "Tue 09:00", id="quiet until midnight"),
    ],
)
def test_a_mentor_is_reached_in_working_time_only(now, quiet, expected):
    assert next_loud(at(now), WORKING, quiet) == at(expected)


def test_no_working_time_ahead_is_said():
    with pytest.raises(NoWorkingTime):
        next_loud(at("Fri 17:00"), WORKING, None)


@pytest.mark.parametrize(
    ("now", "session", "expected"),
    [
        pytest.param("Mon 20:00", None, "Tue 09:00", id="no session: when the quiet time ends"),
        pytest.param("Mon 20:00", "Tue 11:00", "Tue 09:00", id="2 h after the quiet time can wait"),
        pytest.param("Mon 20:00", "Tue 10:59", "Mon 20:00", id="less than 2 h after it goes at once"),
        pytest.param("Mon 20:00", "Tue 09:00", "Mon 20:00", id="as the quiet time ends"),
        pytest.param("Mon 20:00", "Mon 16:00", "Tue 09:00", id="a past session can wait"),
        pytest.param("Mon 12:00", "Fri 12:00", "Mon 12:00", id="working time"),
        pytest.param("Sat 12:00", "Sun 12:00", "Sat 12:00", id="no end in sight, a session ahead"),
    ],
)
def test_news_of_a_near_session_does_not_wait(now, session, expected):
    starts_at = at(session) if session else None

    assert deliver_at(at(now), session_starts_at=starts_at, working=WORKING, quiet=None) == at(expected)


@pytest.mark.parametrize("session", [None, "Fri 12:00"], ids=["no session", "a past session"])
def test_other_news_without_an_end_of_the_quiet_time_has_no_time(session):
    with pytest.raises(NoWorkingTime):
        deliver_at(at("Sat 12:00"), session_starts_at=session and at(session), working=WORKING, quiet=None)


@pytest.mark.parametrize(
    ("wanted", "quiet", "expected"),
    [
        pytest.param("Tue 09:00", None, "Tue 09:00", id="working time stays"),
        pytest.param("Tue 08:00", None, "Mon 16:55", id="night: the working day before"),
        pytest.param("Thu 07:00", None, "Tue 16:55", id="over a closed day"),
        pytest.param("Tue 13:30", None, "Tue 12:55", id="time off"),
        pytest.param("Tue 17:00", None, "Tue 16:55", id="the end of work"),
        pytest.param("Tue 09:30", LATE_RISER, "Mon 16:55", id="own quiet hours"),
    ],
)
def test_a_reminder_in_quiet_time_comes_at_the_end_of_the_working_time_before(wanted, quiet, expected):
    assert remind_at(at(wanted), WORKING, quiet) == at(expected)


def test_a_reminder_is_not_moved_before_the_working_time():
    short = Interval(at("Mon 09:00"), at("Mon 09:03"))

    assert remind_at(at("Mon 10:00"), [short], None) == at("Mon 09:00")


def test_a_reminder_before_all_working_time_has_no_time():
    with pytest.raises(NoWorkingTime):
        remind_at(at("Mon 08:00"), WORKING, None)


@pytest.mark.parametrize(("starts", "ends"), [(600, 600), (-1, 60), (1440, 60), (60, 1441)])
def test_quiet_hours_that_make_no_sense_are_refused(starts, ends):
    with pytest.raises(ValueError, match="Quiet hours"):
        QuietHours(starts, ends, AMSTERDAM)


def test_quiet_hours_within_a_gap_do_not_happen():
    night = Interval(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC))

    days = [span.start.date() for span in QuietHours(120, 180, AMSTERDAM).occurrences(night)]

    assert days == [date(2026, 3, 27), date(2026, 3, 28)]
