"""A traveller's dates: each has one zone, follows the date before, and holds its own hours and nobody else's."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.affected import newly_outside
from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.quiet import QuietHours
from booking.domain.schedule import Schedule
from booking.domain.slots import bookable
from booking.domain.zones import Journey, Zones
from tests.booking.domain.questions import ALL_WEEK, DAYS, schedules

AMSTERDAM, NEW_YORK, TOKYO = "Europe/Amsterdam", "America/New_York", "Asia/Tokyo"
HOME = ZoneInfo(AMSTERDAM)
TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 12, day) for day in (8, 9, 10))
NINE_TO_FIVE = dict.fromkeys(range(1, 8), ((540, 1020),))
ALL_DAY = dict.fromkeys(range(1, 8), ((0, 1440),))
HOUR = timedelta(hours=1)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def traveller(key: str, weekly=NINE_TO_FIVE, envelope=Envelope(), **given) -> Schedule:  # noqa: B008  frozen
    """Away from the Wednesday to the Thursday."""
    return Schedule(HOME, weekly, envelope=envelope, journeys=(Journey(WEDNESDAY, THURSDAY, key),), **given)


def slots(schedule: Schedule, **given):
    window = Interval(at(7, 0), at(13, 0))
    facts = {"minutes": 60, "now": at(1, 0), "sessions": (), "mentor_busy": (), **given}
    return bookable(schedule, window=window, **facts)


def hours(schedule: Schedule, day: date) -> tuple[datetime, datetime]:
    ((_, only),) = schedule.working(day, day)
    return only.start, only.end


def test_hours_are_those_of_the_clock_where_the_mentor_is_on_that_date():
    schedule = traveller(NEW_YORK)

    assert hours(schedule, TUESDAY) == (at(8, 8), at(8, 16))
    assert hours(schedule, WEDNESDAY) == (at(9, 14), at(9, 22))
    assert hours(schedule, date(2026, 12, 11)) == (at(11, 8), at(11, 16))


def test_the_envelope_is_read_there_too():
    found = [slot for slot in slots(traveller(NEW_YORK, ALL_DAY)) if slot.day == WEDNESDAY]

    assert (found[0].start, found[-1].end) == (at(9, 13), at(9, 23))


def test_travelling_east_the_new_date_begins_when_the_old_one_has_ended():
    schedule = traveller(TOKYO, ALL_DAY, ALL_WEEK)

    assert hours(schedule, TUESDAY) == (at(7, 23), at(8, 23))
    assert hours(schedule, WEDNESDAY) == (at(8, 23), at(9, 15))


def test_travelling_west_nobody_works_between_the_two_dates():
    schedule = traveller(NEW_YORK, ALL_DAY, ALL_WEEK)

    assert hours(schedule, TUESDAY)[1] == at(8, 23)
    assert hours(schedule, WEDNESDAY)[0] == at(9, 5)
    assert schedule.zones.day_of(at(9, 2)) == TUESDAY


def test_a_date_that_lies_wholly_in_the_one_before_has_no_hours_at_all():
    zones = (Journey(TUESDAY, TUESDAY, "Pacific/Pago_Pago"), Journey(WEDNESDAY, THURSDAY, "Pacific/Kiritimati"))
    schedule = Schedule(HOME, ALL_DAY, envelope=ALL_WEEK, journeys=zones)

    assert schedule.working(WEDNESDAY, WEDNESDAY) == []
    assert hours(schedule, THURSDAY) == (at(9, 11), at(10, 10))


def test_caps_count_the_dates_of_the_journey():
    """22:00 in Amsterdam is the afternoon in New York, and 02:00 the evening of the date before."""
    taken = [Taken(at(10, 2), at(10, 3))]
    limits = Boundaries(sessions_a_day=1)

    found = {slot.day for slot in slots(traveller(NEW_YORK, boundaries=limits), sessions=taken)}

    assert WEDNESDAY not in found
    assert THURSDAY in found


def test_time_off_until_a_date_ends_is_off_until_then_there():
    away = [(datetime(2026, 12, 9), datetime(2026, 12, 10))]  # noqa: DTZ001  wall clock

    found = {slot.day for slot in slots(traveller(NEW_YORK, ALL_DAY, ALL_WEEK, time_off=away))}

    assert WEDNESDAY not in found
    assert {TUESDAY, THURSDAY} <= found


def test_quiet_hours_go_by_the_clocks_there():
    quiet = QuietHours(22 * 60, 7 * 60, HOME, (Journey(WEDNESDAY, THURSDAY, NEW_YORK),))

    found = quiet.occurrences(Interval(at(9, 12), at(10, 20)))

    assert Interval(at(10, 3), at(10, 12)) in found
    assert not any(each.contains(Interval(at(9, 21), at(9, 22))) for each in found)


def test_a_journey_leaves_sessions_outside_that_are_at_night_there():
    before = Schedule(HOME, NINE_TO_FIVE)
    morning, afternoon = (Interval(at(9, hour), at(9, hour) + HOUR) for hour in (9, 15))

    assert newly_outside(before, traveller(NEW_YORK), [morning, afternoon]) == {morning}


def test_a_journey_that_ends_before_it_begins_is_none():
    with pytest.raises(ValueError, match="ends after it begins"):
        Journey(THURSDAY, WEDNESDAY, TOKYO)


@st.composite
def travels(draw):
    """Any schedule of somebody who travels, and the days around."""
    key, day = draw(st.sampled_from(DAYS))
    schedule = draw(schedules(ZoneInfo(key), day).filter(lambda found: found.journeys))
    return schedule, day


@settings(max_examples=60, deadline=None, database=None)
@given(travels())
def test_no_time_lies_outside_the_envelope_and_hours_of_the_zone_of_its_own_date(travel):
    schedule, day = travel
    start = datetime.combine(day, time(), UTC) - timedelta(days=2)
    now = start - schedule.boundaries.notice
    window = Interval(start, start + timedelta(days=5))

    for slot in bookable(schedule, minutes=45, window=window, now=now, sessions=(), mentor_busy=()):
        zone = schedule.zones.on(slot.day)
        opens, closes = (each.astimezone(zone) for each in (slot.start, slot.end - timedelta(minutes=1)))
        allowed = schedule.envelope
        assert schedule.zones.day_of(slot.start) == slot.day == opens.date() == closes.date()
        assert slot.day.isoweekday() in allowed.weekdays
        assert allowed.opens <= 60 * opens.hour + opens.minute
        assert 60 * closes.hour + closes.minute < allowed.closes
        assert slot.day not in schedule.days_off


@settings(max_examples=60, deadline=None, database=None)
@given(travels())
def test_working_time_of_two_dates_never_overlaps_and_every_instant_has_one_date(travel):
    schedule, day = travel
    zones = schedule.zones
    around = [day + timedelta(days=number) for number in range(-4, 8)]

    working = schedule.working(around[0], around[-1])
    begins = [zones.begins(each) for each in around]

    assert all(one.end <= other.start for (_, one), (_, other) in pairwise(working))
    assert begins == sorted(begins)
    for (each, starts), ends in zip(zip(around, begins, strict=True), begins[1:], strict=False):
        if starts < ends:
            assert zones.day_of(starts) == zones.day_of(ends - 1) == each


@settings(max_examples=40, deadline=None, database=None)
@given(st.sampled_from(DAYS), st.integers(-5 * 1440, 5 * 1440))
def test_who_stays_at_home_has_the_dates_that_the_clock_shows(place, minutes):
    key, day = place
    moment = datetime.combine(day, time(), UTC) + timedelta(minutes=minutes)

    assert Zones(ZoneInfo(key)).day_of(moment) == moment.astimezone(ZoneInfo(key)).date()
    assert Zones(ZoneInfo(key)).clock(moment) == moment.astimezone(ZoneInfo(key)).replace(tzinfo=None)


@pytest.mark.parametrize(
    "zones",
    [
        pytest.param(Zones(HOME, (Journey(WEDNESDAY, THURSDAY, "Pacific/Kiritimati"),)), id="east, a date ahead"),
        pytest.param(Zones(HOME, (Journey(WEDNESDAY, THURSDAY, "Pacific/Pago_Pago"),)), id="west, a date behind"),
        pytest.param(
            Zones(
                ZoneInfo("Pacific/Kiritimati"),
                (Journey(TUESDAY, TUESDAY, "Pacific/Pago_Pago"), Journey(THURSDAY, THURSDAY, TOKYO)),
            ),
            id="two journeys, two dates apart",
        ),
        pytest.param(
            Zones(ZoneInfo("America/Denver"), (Journey(date(2010, 11, 6), date(2010, 11, 8), "America/St_Johns"),)),
            id="where the clock goes back over midnight",
        ),
    ],
)
def test_an_instant_belongs_to_the_last_date_that_has_begun(zones: Zones):
    first = zones.journeys[0].first - timedelta(days=6)
    days = [first + timedelta(offset) for offset in range(16)]
    begins = [zones.begins(day) for day in days]

    for moment in range(begins[0], begins[-1], 1800):
        assert zones.day_of(moment) == days[bisect_right(begins, moment) - 1], moment
