from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.refusals import Rule
from booking.domain.schedule import Schedule
from booking.domain.slots import Slot, bookable, is_bookable, why_not

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ALL_WEEK = Envelope(frozenset(range(1, 8)), 0, 1440)
NO_BUFFERS = {"buffer_before": timedelta(0), "buffer_after": timedelta(0)}
LONG_BEFORE = datetime(2026, 2, 20, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
MINUTE = timedelta(minutes=1)


def schedule(hours=((540, 1020),), *, zone=AMSTERDAM, overrides=None, time_off=(), envelope=ALL_WEEK, **limits):
    weekly = dict.fromkeys(range(1, 8), hours)
    boundaries = Boundaries(**{"step": timedelta(minutes=60), **NO_BUFFERS, **limits})
    return Schedule(zone, weekly, overrides or {}, time_off, boundaries, envelope)


def local(clock, day=MONDAY, zone=AMSTERDAM):
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def span(start, end, day=MONDAY, kind=Interval):
    return kind(local(start, day), local(end, day))


def facts(minutes=60, now=LONG_BEFORE, sessions=(), mentor_busy=(), mentee_busy=()):
    return {
        "minutes": minutes,
        "now": now,
        "sessions": sessions,
        "mentor_busy": mentor_busy,
        "mentee_busy": mentee_busy,
    }


def starts(given, day=MONDAY, zone=AMSTERDAM, **given_facts):
    """The local start times on one day, as "09:00"."""
    window = Interval(local("00:00", day, zone), local("00:00", day + timedelta(days=1), zone))
    slots = bookable(given, window=window, **facts(**given_facts))
    return [slot.start.astimezone(zone).strftime("%H:%M") for slot in slots]


def refused(given, start, **given_facts):
    refusal = why_not(given, start, **facts(**given_facts))
    return refusal and refusal.rule


def test_a_day_of_eight_hours_has_eight_sessions_of_an_hour():
    assert starts(schedule()) == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]


def test_a_slot_is_in_utc_and_names_the_mentors_day():
    kiritimati = ZoneInfo("Pacific/Kiritimati")
    window = Interval(local("00:00", zone=kiritimati), local("10:00", zone=kiritimati))

    slots = bookable(schedule(((540, 600),), zone=kiritimati), window=window, **facts())

    sunday_in_utc = datetime(2026, 3, 1, 19, tzinfo=UTC)
    assert slots == [Slot(sunday_in_utc, sunday_in_utc + timedelta(hours=1), MONDAY)]


def test_starts_are_steps_from_the_start_of_each_working_interval():
    hours = ((545, 665), (780, 900))

    assert starts(schedule(hours, step=timedelta(minutes=30))) == ["09:05", "09:35", "10:05", "13:00", "13:30", "14:00"]


def test_a_session_does_not_span_two_working_intervals():
    assert starts(schedule(((540, 600), (630, 660))), minutes=90) == []


def test_hours_that_touch_are_one_working_interval():
    assert starts(schedule(((540, 600), (600, 660)), step=timedelta(minutes=15)), minutes=120) == ["09:00"]


def test_a_session_ends_within_working_hours():
    given = schedule(step=timedelta(minutes=15))

    assert starts(given)[-1] == "16:00"
    assert refused(given, local("16:15")) is Rule.OUTSIDE_HOURS


def test_a_session_may_end_at_24_00_and_not_cross_it():
    given = schedule(((1320, 1440),), step=timedelta(minutes=30))

    assert starts(given) == ["22:00", "22:30", "23:00"]
    assert refused(schedule(((0, 1440),), step=timedelta(minutes=30)), local("23:30")) is Rule.OUTSIDE_HOURS


def test_an_override_replaces_the_hours_of_its_date():
    given = schedule(overrides={MONDAY: ((600, 720),), date(2026, 3, 3): ()})

    assert starts(given) == ["10:00", "11:00"]
    assert starts(given, date(2026, 3, 3)) == []
    assert len(starts(given, date(2026, 3, 4))) == 8


def test_time_off_cuts_a_hole_and_does_not_move_the_grid():
    morning_off = (datetime.fromisoformat("2026-03-02T08:00"), datetime.fromisoformat("2026-03-02T10:30"))
    given = schedule(((540, 840),), time_off=[morning_off])

    assert starts(given) == ["11:00", "12:00", "13:00"]
    assert refused(given, local("10:00")) is Rule.TIME_OFF
    assert refused(given, local("10:30")) is Rule.OFF_GRID


def test_the_envelope_cuts_hours_and_moves_the_grid_to_its_opening():
    given = schedule(((450, 1140),), envelope=Envelope(opens=490), step=timedelta(minutes=45))

    assert starts(given)[:2] == ["08:10", "08:55"]
    assert starts(given)[-1] == "16:25"
    assert refused(given, local("17:10")) is Rule.OUTSIDE_ENVELOPE
    assert refused(given, local("06:00")) is Rule.OUTSIDE_HOURS


def test_no_override_opens_a_saturday_that_the_envelope_closes():
    saturday = date(2026, 3, 7)
    given = schedule(overrides={saturday: ((600, 720),)}, envelope=Envelope())

    assert starts(given, saturday) == []
    assert refused(given, local("10:00", saturday)) is Rule.OUTSIDE_ENVELOPE


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        pytest.param(local("08:00"), None, id="exactly the notice is enough"),
        pytest.param(local("08:00") + timedelta(microseconds=1), Rule.TOO_SOON, id="a moment less is not"),
        pytest.param(local("12:00"), Rule.TOO_SOON, id="the past"),
    ],
)
def test_notice_is_kept(now, rule):
    given = schedule(notice=timedelta(hours=2))

    assert refused(given, local("10:00"), now=now) is rule
    assert ("10:00" in starts(given, now=now)) is (rule is None)


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        pytest.param(local("10:00") - timedelta(days=7), None, id="exactly at the horizon"),
        pytest.param(local("10:00") - timedelta(days=7, microseconds=1), Rule.TOO_FAR, id="a moment beyond it"),
    ],
)
def test_bookings_open_at_the_horizon(now, rule):
    given = schedule(horizon=timedelta(days=7))

    assert refused(given, local("10:00"), now=now) is rule
    assert ("10:00" in starts(given, now=now)) is (rule is None)


def test_the_window_holds_its_start_and_not_its_end():
    slots = bookable(schedule(), window=span("10:00", "12:00"), **facts())

    assert [slot.start for slot in slots] == [local("10:00"), local("11:00")]


def test_a_window_before_the_notice_is_empty():
    assert bookable(schedule(), window=span("10:00", "12:00"), **facts(now=local("12:00"))) == []


def test_touching_sessions_without_buffers_are_both_possible():
    assert starts(schedule(((540, 720),)), mentor_busy=[span("10:00", "11:00")]) == ["09:00", "11:00"]


def test_the_buffers_of_both_neighbours_count():
    given = schedule(step=timedelta(minutes=5), buffer_before=timedelta(minutes=10), buffer_after=timedelta(minutes=15))
    neighbour = span("11:50", "13:15")  # a session from 12:00 to 13:00 with its buffers

    found = starts(given, mentor_busy=[neighbour])

    assert "10:35" in found, "ends at 11:35, and 15 minutes later the neighbour's buffer begins"
    assert "10:40" not in found
    assert "13:20" not in found
    assert "13:25" in found, "begins 10 minutes after the neighbour's buffer ended"
    assert refused(given, local("13:20"), mentor_busy=[neighbour]) is Rule.MENTOR_BUSY


def test_buffers_may_lie_outside_working_hours():
    given = schedule(buffer_before=timedelta(minutes=30), buffer_after=timedelta(minutes=30))

    assert (starts(given)[0], starts(given)[-1]) == ("09:00", "16:00")


def test_the_mentors_buffers_do_not_touch_the_mentees_day():
    given = schedule(((540, 720),), buffer_before=timedelta(minutes=30), buffer_after=timedelta(minutes=30))
    busy = [span("10:00", "11:00")]

    assert starts(given, mentee_busy=busy) == ["09:00", "11:00"]
    assert refused(given, local("10:00"), mentee_busy=busy) is Rule.MENTEE_BUSY


@pytest.mark.parametrize(
    ("limits", "minutes", "rule"),
    [
        pytest.param({"sessions_a_day": 3}, 60, None, id="a third session of three"),
        pytest.param({"sessions_a_day": 2}, 60, Rule.DAY_FULL, id="a third session of two"),
        pytest.param({"minutes_a_day": 150}, 60, None, id="exactly the minutes of a day"),
        pytest.param({"minutes_a_day": 150}, 61, Rule.DAY_MINUTES_FULL, id="a minute more than those"),
        pytest.param({"sessions_a_week": 3}, 60, None, id="a third session of three in the week"),
        pytest.param({"sessions_a_week": 2}, 60, Rule.WEEK_FULL, id="a third session of two in the week"),
    ],
)
def test_caps_count_the_session_asked_for(limits, minutes, rule):
    taken = [span("09:00", "10:00", kind=Taken), span("10:00", "10:30", kind=Taken)]
    given = schedule(**limits)

    assert refused(given, local("14:00"), minutes=minutes, sessions=taken) is rule
    assert ("14:00" in starts(given, minutes=minutes, sessions=taken)) is (rule is None)


def test_a_week_runs_from_monday_to_sunday_across_the_edge_of_a_month():
    given = schedule(sessions_a_week=2)
    taken = [span("09:00", "10:00", date(2026, 3, 30), Taken), span("09:00", "10:00", date(2026, 4, 2), Taken)]

    days = (date(2026, 3, 29), date(2026, 3, 31), date(2026, 4, 5), date(2026, 4, 6))
    found = [bool(starts(given, day, sessions=taken)) for day in days]

    assert found == [True, False, False, True]


def test_caps_count_by_the_mentors_local_day():
    auckland = ZoneInfo("Pacific/Auckland")
    given = schedule(zone=auckland, sessions_a_day=1)
    tuesday_there = Taken(datetime(2026, 3, 2, 20, tzinfo=UTC), datetime(2026, 3, 2, 21, tzinfo=UTC))

    assert starts(given, MONDAY, auckland, sessions=[tuesday_there]) != []
    assert starts(given, date(2026, 3, 3), auckland, sessions=[tuesday_there]) == []


@pytest.mark.parametrize(
    ("zone", "day", "hours", "minutes", "expected"),
    [
        pytest.param(AMSTERDAM, date(2026, 3, 29), ((60, 240),), 60, ["01:00", "03:00"], id="over a gap"),
        pytest.param(AMSTERDAM, date(2026, 3, 29), ((120, 180),), 15, [], id="within a gap"),
        pytest.param(
            AMSTERDAM, date(2026, 10, 25), ((60, 240),), 60, ["01:00", "02:00", "02:00", "03:00"], id="over a fold"
        ),
        pytest.param(LORD_HOWE, date(2026, 10, 4), ((60, 240),), 60, ["01:00", "02:30"], id="Lord Howe's gap"),
        pytest.param(LORD_HOWE, date(2026, 4, 5), ((60, 210),), 60, ["01:00", "01:30", "02:30"], id="Lord Howe's fold"),
    ],
)
def test_starts_are_real_time_steps_through_a_clock_change(zone, day, hours, minutes, expected):
    given = schedule(hours, zone=zone)

    assert starts(given, day, zone, minutes=minutes, now=local("00:00", day) - timedelta(days=5)) == expected


def test_a_midnight_before_the_clock_goes_back_to_yesterday_is_found():
    st_johns = ZoneInfo("America/St_Johns")
    midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)  # a minute later the clock shows 23:01 of the 6th again
    window = Interval(midnight, midnight + timedelta(minutes=5))

    slots = bookable(
        schedule(((0, 1440),), zone=st_johns), window=window, **facts(minutes=1, now=midnight - timedelta(days=5))
    )

    assert slots == [Slot(midnight, midnight + MINUTE, date(2010, 11, 7))]


def test_a_session_that_the_repeated_hour_shows_outside_the_envelope_is_refused():
    day = date(2026, 10, 25)
    given = schedule(((0, 1440),), envelope=Envelope(ALL_WEEK.weekdays, opens=150), step=timedelta(minutes=15))
    second_2_00 = datetime(2026, 10, 25, 1, tzinfo=UTC)
    now = second_2_00 - timedelta(days=5)

    assert starts(given, day, minutes=15, now=now)[:4] == ["02:30", "02:45", "02:30", "02:45"]
    assert refused(given, second_2_00, minutes=15, now=now) is Rule.OUTSIDE_ENVELOPE


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(local("10:01"), id="a minute off"),
        pytest.param(local("10:00") + timedelta(seconds=1), id="a second off"),
        pytest.param(local("10:00") + timedelta(microseconds=1), id="a microsecond off"),
    ],
)
def test_a_start_between_the_steps_is_refused(start):
    assert refused(schedule(), start) is Rule.OFF_GRID


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(local("11:00") - timedelta(microseconds=1), local("11:00"), id="the last microsecond"),
        pytest.param(local("09:59"), local("10:00") + timedelta(microseconds=1), id="the first microsecond"),
    ],
)
def test_busy_times_block_all_that_they_touch(start, end):
    assert "10:00" not in starts(schedule(((540, 720),)), mentor_busy=[Interval(start, end)])


def test_a_start_is_judged_in_any_zone_it_comes_in():
    tokyo = local("10:00").astimezone(ZoneInfo("Asia/Tokyo"))

    assert is_bookable(schedule(), tokyo, **facts())
    assert not is_bookable(schedule(), tokyo, **facts(mentor_busy=[span("10:30", "10:45")]))


@pytest.mark.parametrize(
    ("start", "now", "limits", "words"),
    [
        ("10:00", local("09:30"), {}, "too soon: the mentor needs notice of 24 hours"),
        ("10:00", local("09:30"), {"notice": timedelta(days=2)}, "too soon: the mentor needs notice of 2 days"),
        ("10:00", local("09:30"), {"notice": 90 * MINUTE}, "too soon: the mentor needs notice of 90 minutes"),
        ("10:00", LONG_BEFORE - timedelta(99), {}, "too far ahead: the mentor's calendar is open for 60 days"),
        ("08:00", LONG_BEFORE, {}, "outside working hours"),
        ("10:15", LONG_BEFORE, {}, "not one of the start times on offer"),
        ("14:00", LONG_BEFORE, {"sessions_a_day": 1}, "the mentor's day is full: at most 1 session a day"),
        ("14:00", LONG_BEFORE, {"minutes_a_day": 60}, "the mentor's day is full: at most 60 minutes a day"),
        ("14:00", LONG_BEFORE, {"sessions_a_week": 1}, "the mentor's week is full: at most 1 session a week"),
    ],
)
def test_a_refusal_says_why(start, now, limits, words):
    refusal = why_not(schedule(**limits), local(start), **facts(now=now, sessions=[span("09:00", "10:00", kind=Taken)]))

    assert str(refusal) == words


@pytest.mark.parametrize(
    ("weekly", "overrides"),
    [
        pytest.param({0: ()}, {}, id="weekday 0"),
        pytest.param({8: ()}, {}, id="weekday 8"),
        pytest.param({1: ((600, 540),)}, {}, id="backwards"),
        pytest.param({}, {MONDAY: ((0, 1441),)}, id="an override past 24:00"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(weekly, overrides):
    with pytest.raises(ValueError, match=r"run from Monday|between 00:00 and 24:00"):
        Schedule(AMSTERDAM, weekly, overrides)


def test_a_session_lasts_at_least_a_minute():
    with pytest.raises(ValueError, match="at least a minute"):
        bookable(schedule(), window=span("10:00", "12:00"), **facts(minutes=0))


@pytest.mark.parametrize(
    ("start", "now"),
    [
        pytest.param(datetime.fromisoformat("2026-03-02T10:00"), LONG_BEFORE, id="start"),
        pytest.param(local("10:00"), datetime.fromisoformat("2026-03-01T10:00"), id="now"),
    ],
)
def test_a_naive_time_is_refused(start, now):
    with pytest.raises(ValueError, match="time zone"):
        why_not(schedule(), start, **facts(now=now))
