"""Bookable hours and busy times for programs, as others than the writer read them."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from booking import ics
from booking.availability import bookable_hours, busy_times
from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval, merge
from booking.domain.schedule import Schedule
from booking.domain.yearly import yearly_rules
from booking.domain.zones import Journey
from tests.booking.domain.oracle import MINUTE, Oracle, Question
from tests.booking.domain.questions import DAYS, schedules

rrule, tz = import_module("dateutil.rrule"), import_module("dateutil.tz")  # which have no types
STAMP = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
ALIASES_AND_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


def hours_written(schedule, first, days):
    calendar = ics.new_calendar()
    start = datetime.combine(first, time(), UTC)
    bookable_hours(calendar, schedule, Interval(start, start + days * DAY), stamp=STAMP)
    return ics.written(calendar)


def zones_in(written):
    """The zones of a calendar as dateutil reads their rules, by name."""
    text = written.decode()
    if "BEGIN:VTIMEZONE" not in text:
        return {}
    found = tz.tzical(StringIO(text))
    return {name: found.get(name) for name in found.keys()}  # noqa: SIM118  it is no mapping


def read(written: bytes) -> list[Interval]:
    """Every time in which somebody is available, by what is written alone: rules expanded by dateutil."""
    zones = zones_in(written)
    found: list[Interval] = []
    parts: list[Any] = icalendar.Calendar.from_ical(written).walk("AVAILABLE")
    for part in parts:
        start, end = part["DTSTART"], part["DTEND"]
        zone = zones[start.params["TZID"]] if "TZID" in start.params else tz.UTC
        begins, ends = (each.dt.replace(tzinfo=zone) for each in (start, end))
        times = [begins]
        if "RRULE" in part:
            rule = rrule.rrulestr(part["RRULE"].to_ical().decode(), dtstart=begins)
            times = [each for each in rule if each not in excluded(part, zone)]
        found += [Interval(at.astimezone(UTC), (at + (ends - begins)).astimezone(UTC)) for at in times]
    return sorted(found)


def excluded(part: Any, zone: Any) -> set[datetime]:
    lists = part.get("EXDATE", [])
    return {each.dt.replace(tzinfo=zone) for one in (lists if isinstance(lists, list) else [lists]) for each in one.dts}


def every_day(*ranges, key="Europe/Amsterdam", **given):
    return Schedule(ZoneInfo(key), dict.fromkeys(range(1, 8), ranges), **{"envelope": Envelope(), **given})


def test_a_usual_week_is_a_rule_for_each_of_its_hours_in_a_zone_written_by_rules():
    written = hours_written(every_day((540, 720), (780, 1020)), date(2026, 1, 5), 28).decode()

    assert written.count("BEGIN:AVAILABLE") == 10
    assert "DTSTART;TZID=Europe/Amsterdam:20260105T090000" in written
    assert "RRULE:FREQ=WEEKLY;UNTIL=20260202T080000Z;BYDAY=MO" in written
    assert "BUSYTYPE:BUSY-UNAVAILABLE" in written
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in written
    assert "RDATE" not in written


def test_a_day_that_is_otherwise_is_taken_out_and_given_as_instants():
    closed, other = date(2026, 1, 12), date(2026, 1, 13)
    schedule = every_day((540, 1020), overrides={closed: (), other: ((600, 660),)})

    written = hours_written(schedule, date(2026, 1, 5), 14).decode()

    assert "EXDATE;TZID=Europe/Amsterdam:20260112T090000" in written
    assert "DTSTART:20260113T090000Z" in written
    days = {span.start.date() for span in read(written.encode())}
    assert closed not in days
    assert len(days) == 10


def test_who_has_no_hours_is_never_available():
    written = hours_written(Schedule(ZoneInfo("Europe/Amsterdam"), {}), date(2026, 1, 5), 14)

    assert read(written) == []
    assert b"BEGIN:VAVAILABILITY" in written
    assert b"BEGIN:VTIMEZONE" not in written


def test_a_zone_that_changes_by_the_moon_is_given_as_instants():
    written = hours_written(every_day((540, 1020), key="Africa/Casablanca"), date(2026, 2, 9), 14)

    assert b"TZID" not in written
    assert [span.start.hour for span in read(written)] == [8] * 5 + [9] * 5


def test_a_journey_is_given_as_instants():
    schedule = every_day((540, 600), journeys=(Journey(date(2026, 1, 7), date(2026, 1, 8), "Asia/Tokyo"),))

    written = hours_written(schedule, date(2026, 1, 5), 5)

    assert [f"{span.start:%d. %H}" for span in read(written)] == ["05. 08", "06. 08", "07. 00", "08. 00", "09. 08"]


def test_the_same_hours_are_the_same_bytes():
    written = [hours_written(every_day((540, 1020)), date(2026, 1, 5), 60) for _ in range(2)]

    assert written[0] == written[1]


def compare(cases: int) -> Counter[str]:
    """Random schedules around changes of the clock: each minute is available exactly if the brute force says so."""
    seen: Counter[str] = Counter()

    @seed(31)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def agree(data):
        key, day = data.draw(st.sampled_from(DAYS))
        schedule = data.draw(schedules(ZoneInfo(key), day))
        start = datetime.combine(day, time(), UTC)
        window = Interval(start - DAY, start + 9 * DAY)
        oracle = Oracle(Question(schedule, 30, window, window.start))

        spans = merge(read(hours_written(schedule, day - DAY, 10)))

        listed = {minute for span in spans for minute in oracle.minutes_of(span)}
        inside = {*oracle.minutes_of(window)} & (oracle.work.keys() & oracle.allowed.keys()) - oracle.off
        dates = {oracle.owner[m] for m in oracle.minutes_of(window)}
        whole = {m for m in range(len(oracle.owner)) if oracle.owner[m] in dates}
        assert listed & {*oracle.minutes_of(window)} == inside
        assert listed <= whole
        seen["minutes"] += len(inside)
        seen["cases"] += 1

    agree()
    return seen


def test_whoever_reads_the_hours_finds_every_minute_that_the_brute_force_finds_and_no_other():
    seen = compare(20)

    assert seen["cases"] == 20
    assert seen["minutes"] > 3_000


ZONES = sorted(
    name
    for name in available_timezones() - {"Factory", "localtime", "posixrules"}
    if not name.startswith(ALIASES_AND_NO_PLACES)
)


@pytest.mark.slow
def test_every_zone_that_is_written_by_rules_reads_the_same_hour_by_hour_where_its_clock_changes():
    """Two years of all zones; those without yearly rules are few, and known."""
    first, last = date(2026, 1, 5), date(2027, 12, 27)
    without, wrong, checked = [], [], 0
    for name in ZONES:
        zone = ZoneInfo(name)
        if yearly_rules(zone, first, last) is None:
            without.append(name)
            continue
        found = zones_in(hours_written(every_day((0, 1440), key=name, envelope=ALL_DAY), first, 721))[name]
        for at in moments(zone, first, last):
            checked += 1
            if at.astimezone(found).utcoffset() != at.astimezone(zone).utcoffset():
                wrong.append((name, at))

    assert wrong == []
    assert checked > 18_000
    assert {"Africa/Casablanca", "Africa/El_Aaiun"} <= set(without)
    assert len(without) < 12, without


ALL_DAY = Envelope(frozenset(range(1, 8)), 0, 1440)


def moments(zone, first, last):
    """The first of each month, and two hours on either side of each change."""
    at, end = datetime.combine(first, time(), UTC), datetime.combine(last, time(), UTC)
    while at < end:
        if at.day == 1:
            yield at
        if at.astimezone(zone).utcoffset() != (at + DAY).astimezone(zone).utcoffset():
            change = next(
                at + minute * MINUTE
                for minute in range(15, 1441, 15)
                if (at + minute * MINUTE).astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset()
            )
            yield from (change + shift * MINUTE for shift in (-120, -60, -1, 0, 1, 60, 120))
        at += DAY


def test_busy_times_are_merged_and_cut_to_what_was_asked_for():
    nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    busy = [
        Interval(nine, nine + hour),
        Interval(nine + hour, nine + 2 * hour),
        Interval(nine + 8 * hour, nine + 9 * hour),
    ]
    calendar = ics.new_calendar()

    busy_times(calendar, busy, Interval(nine + hour / 2, nine + 10 * hour), stamp=STAMP)

    written = ics.written(calendar).decode()
    assert "FREEBUSY;FBTYPE=BUSY;VALUE=PERIOD:20260105T093000Z/20260105T110000Z" in written
    assert "FREEBUSY;FBTYPE=BUSY;VALUE=PERIOD:20260105T170000Z/20260105T180000Z" in written
    assert written.count("FREEBUSY;") == 2


@pytest.mark.parametrize("busy", [[], [Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))]])
def test_who_is_never_busy_says_so(busy):
    calendar = ics.new_calendar()

    busy_times(calendar, busy, Interval(STAMP, STAMP + DAY), stamp=STAMP)

    written = ics.written(calendar).decode()
    assert "BEGIN:VFREEBUSY" in written
    assert "FREEBUSY;" not in written
