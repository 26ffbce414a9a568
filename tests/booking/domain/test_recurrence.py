from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.intervals import Interval
from booking.domain.recurrence import hours_on, instant, joined, wall_epoch, wall_minutes, working_intervals

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ST_JOHNS = ZoneInfo("America/St_Johns")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def clock(text):
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def wall(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        pytest.param(AMSTERDAM, date(2026, 7, 1), "09:00", "2026-07-01T07:00", id="summer"),
        pytest.param(AMSTERDAM, date(2026, 1, 1), "09:00", "2026-01-01T08:00", id="winter"),
        pytest.param(AMSTERDAM, SPRING, "01:59", "2026-03-29T00:59", id="before a gap"),
        pytest.param(AMSTERDAM, SPRING, "02:00", "2026-03-29T01:00", id="the gap's first minute"),
        pytest.param(AMSTERDAM, SPRING, "02:30", "2026-03-29T01:00", id="in a gap: the first real minute after it"),
        pytest.param(AMSTERDAM, SPRING, "03:00", "2026-03-29T01:00", id="the end of a gap"),
        pytest.param(AMSTERDAM, SPRING, "03:01", "2026-03-29T01:01", id="after a gap"),
        pytest.param(AMSTERDAM, AUTUMN, "02:30", "2026-10-25T00:30", id="in a fold: the first occurrence"),
        pytest.param(AMSTERDAM, AUTUMN, "03:00", "2026-10-25T02:00", id="the end of a fold"),
        pytest.param(AMSTERDAM, AUTUMN, "24:00", "2026-10-25T23:00", id="24:00 is the next day's 00:00"),
        pytest.param(LORD_HOWE, date(2026, 10, 4), "02:15", "2026-10-03T15:30", id="Lord Howe's gap of 30 minutes"),
        pytest.param(LORD_HOWE, date(2026, 4, 5), "01:45", "2026-04-04T14:45", id="Lord Howe's fold of 30 minutes"),
        pytest.param(LORD_HOWE, date(2026, 4, 5), "02:00", "2026-04-04T15:30", id="after Lord Howe's fold"),
        pytest.param(SAO_PAULO, date(2018, 11, 4), "00:00", "2018-11-04T03:00", id="a day without midnight"),
        pytest.param(SAO_PAULO, date(2018, 11, 3), "24:00", "2018-11-04T03:00", id="24:00 in a gap"),
        pytest.param(SAO_PAULO, date(2018, 2, 17), "24:00", "2018-02-18T03:00", id="24:00 after a repeated hour"),
        pytest.param(ST_JOHNS, date(2010, 11, 7), "00:00", "2010-11-07T02:30", id="a midnight that comes twice"),
        pytest.param(APIA, date(2011, 12, 30), "12:00", "2011-12-30T10:00", id="a day that never was"),
        pytest.param(ZoneInfo("Asia/Kathmandu"), date(2026, 1, 1), "09:00", "2026-01-01T03:15", id="Kathmandu"),
    ],
)
def test_a_wall_clock_time_is_one_instant(zone, day, time, expected):
    assert instant(day, clock(time), zone) == datetime.fromisoformat(expected + "+00:00")


@pytest.mark.parametrize("minute", [-1, 1441])
def test_a_minute_outside_the_day_is_refused(minute):
    with pytest.raises(ValueError, match="1440"):
        instant(SPRING, minute, AMSTERDAM)


def test_time_off_with_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        wall_epoch(datetime(2026, 1, 1, tzinfo=UTC), AMSTERDAM)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        pytest.param([], (), id="closed"),
        pytest.param([(720, 780), (540, 600)], ((540, 600), (720, 780)), id="sorted"),
        pytest.param([(540, 720), (720, 1020)], ((540, 1020),), id="touching"),
        pytest.param([(540, 1020), (600, 660)], ((540, 1020),), id="nested"),
    ],
)
def test_ranges_that_touch_or_overlap_are_one(ranges, expected):
    assert joined(ranges) == expected


@pytest.mark.parametrize(
    "span",
    [
        pytest.param((600, 600), id="empty"),
        pytest.param((660, 600), id="backwards"),
        pytest.param((-1, 60), id="before 00:00"),
        pytest.param((1380, 1441), id="after 24:00"),
    ],
)
def test_a_range_that_is_not_within_a_day_is_refused(span):
    with pytest.raises(ValueError, match="between 00:00 and 24:00"):
        joined([span])


def test_an_override_replaces_the_weekly_hours_and_an_empty_one_closes_the_day():
    weekly = {1: ((540, 1020),), 2: ((540, 1020),)}
    overrides = {date(2026, 3, 2): ((600, 660),), date(2026, 3, 3): ()}

    found = [hours_on(date(2026, 3, day), weekly, overrides) for day in (2, 3, 4, 9)]

    assert found == [((600, 660),), (), (), ((540, 1020),)]


def found(ranges, day, zone, time_off=()):
    intervals = working_intervals({}, {day: ranges}, time_off, zone, day, day)
    return [(interval.start.strftime("%H:%M"), interval.end.strftime("%H:%M")) for _, interval in intervals]


@pytest.mark.parametrize(
    ("ranges", "day", "expected"),
    [
        pytest.param(((120, 180),), SPRING, [], id="hours within a gap disappear"),
        pytest.param(((60, 240),), SPRING, [("00:00", "02:00")], id="hours around a gap lose the hour"),
        pytest.param(((150, 240),), SPRING, [("01:00", "02:00")], id="a start in a gap moves to its end"),
        pytest.param(((60, 150),), SPRING, [("00:00", "01:00")], id="an end in a gap moves to its end"),
        pytest.param(((120, 180),), AUTUMN, [("00:00", "02:00")], id="hours over a fold hold both passes"),
        pytest.param(((60, 150),), AUTUMN, [("23:00", "00:30")], id="an end in a fold is the first occurrence"),
        pytest.param(((1320, 1440),), AUTUMN, [("21:00", "23:00")], id="to 24:00"),
    ],
)
def test_working_hours_follow_the_clock_change(ranges, day, expected):
    assert found(ranges, day, AMSTERDAM) == expected


def test_time_off_cuts_working_hours_in_wall_clock_time():
    time_off = [
        (wall("2026-07-01T12:00"), wall("2026-07-01T13:30")),
        (wall("2026-07-01T16:00"), wall("2026-07-03T10:00")),
    ]

    assert found(((540, 1020),), date(2026, 7, 1), AMSTERDAM, time_off) == [("07:00", "10:00"), ("11:30", "14:00")]


def test_time_off_within_a_gap_cuts_nothing():
    time_off = [(wall("2026-03-29T02:00"), wall("2026-03-29T02:45"))]

    assert found(((60, 240),), SPRING, AMSTERDAM, time_off) == [("00:00", "02:00")]


def test_working_intervals_name_their_day_and_include_the_last():
    weekly = {7: ((1200, 1440),), 1: ((0, 120),)}

    intervals = working_intervals(weekly, {}, (), AMSTERDAM, date(2026, 3, 1), date(2026, 3, 2))

    midnight = datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert intervals == [
        (date(2026, 3, 1), Interval(midnight - timedelta(hours=4), midnight)),
        (date(2026, 3, 2), Interval(midnight, midnight + timedelta(hours=2))),
    ]


@pytest.mark.parametrize(
    ("zone", "start", "minutes", "expected"),
    [
        pytest.param(AMSTERDAM, "2026-07-01T07:00", 60, (date(2026, 7, 1), 540, 600), id="a plain morning"),
        pytest.param(AMSTERDAM, "2026-07-01T21:00", 60, (date(2026, 7, 1), 1380, 1440), id="ends at 24:00"),
        pytest.param(AMSTERDAM, "2026-03-29T00:30", 60, (SPRING, 90, 210), id="over a gap"),
        pytest.param(AMSTERDAM, "2026-10-25T00:45", 30, (AUTUMN, 165, 135), id="over a fold: ends below its start"),
        pytest.param(SAO_PAULO, "2018-11-04T02:00", 60, (date(2018, 11, 3), 1380, 1440), id="24:00 in a gap"),
        pytest.param(ST_JOHNS, "2010-11-07T02:30", 30, (date(2010, 11, 7), 0, -30), id="back to the day before"),
    ],
)
def test_the_wall_clock_shows_a_session_on_its_day(zone, start, minutes, expected):
    begin = datetime.fromisoformat(start + "+00:00")

    assert wall_minutes(Interval(begin, begin + timedelta(minutes=minutes)), zone) == expected
