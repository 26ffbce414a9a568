"""What mentees elsewhere see: the same times as on the mentor's page, on their clock, across clock changes."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.queries.bookings import bookable_slots
from marketplace.accounts.models import User
from marketplace.core.charts.hours import Axis
from marketplace.desk.showing.hours_preview import preview
from tests.booking.bookings import TEN, make_booking
from tests.conftest import TUESDAY
from tests.desk.hours_steps import HOURS
from tests.factories import hours as spans
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.web import sign_in

PREVIEW = f"{HOURS}/preview"
ALL_WEEK = Envelope(frozenset(range(1, 8)), 0, 1440)
HOUR = timedelta(hours=1)


def seen(session, mentor, zone, *, now=TUESDAY, minutes=60, envelope=None):
    found = envelope or Envelope()
    return preview(session, mentor.id, reader=ZoneInfo(zone), minutes=minutes, envelope=found, now=now)


def starts(day, zone):
    """`["09:00-11:00", "12:00"]`"""
    clocks = [
        (f"{each.first.astimezone(ZoneInfo(zone)):%H:%M}", f"{each.last.astimezone(ZoneInfo(zone)):%H:%M}")
        for each in day.starts
    ]
    return [first if first == last else f"{first}-{last}" for first, last in clocks]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_the_times_are_those_that_can_be_booked(session, zone):
    mentor = make_mentor(session, boundaries={"notice_minutes": 60})
    make_booking(session, make_offering(session, mentor), make_user(session), TEN)

    shown = seen(session, mentor, zone)

    window = Interval(TUESDAY, datetime(2026, 12, 15, tzinfo=ZoneInfo(zone)))
    slots = bookable_slots(session, mentor_id=mentor.id, minutes=60, window=window, now=TUESDAY, envelope=Envelope())
    by_day = {day.day: day.count for day in shown.days}
    assert shown.count == len(slots) > 200
    assert by_day == {day: sum(slot.start.astimezone(ZoneInfo(zone)).date() == day for slot in slots) for day in by_day}
    assert list(by_day) == [shown.days[0].day + timedelta(days=number) for number in range(14)]


def test_a_day_reads_as_runs_of_starts_and_is_drawn_as_sessions(session):
    mentor = make_mentor(session, weekly={2: spans("09:00-12:00", "13:00-14:00")}, boundaries={"step_minutes": 30})

    tuesday = next(day for day in seen(session, mentor, "America/New_York").days if day.day == date(2026, 12, 8))

    assert starts(tuesday, "America/New_York") == ["03:00-05:00", "07:00"]
    assert tuesday.spans == [(180, 360), (420, 480)]
    assert tuesday.count == 6


def test_a_session_past_midnight_is_drawn_up_to_it(session):
    mentor = make_mentor(session, weekly={2: spans("09:00-17:00")})

    days = {day.day: day.spans for day in seen(session, mentor, "Asia/Tokyo").days}

    assert days[date(2026, 12, 8)] == [(17 * 60, 1440)]
    assert days[date(2026, 12, 9)] == [(0, 60)]


@pytest.mark.parametrize(
    ("zone", "shared"),
    [
        ("Europe/Amsterdam", 40 * HOUR),
        ("America/New_York", 15 * HOUR),
        ("Asia/Kolkata", 22.5 * HOUR),
        ("America/Los_Angeles", timedelta(0)),
    ],
)
def test_it_says_how_much_lies_in_their_working_time(session, zone, shared):
    [week] = seen(session, make_mentor(session), zone).weeks

    assert (week.shared, week.whole) == (shared, 40 * HOUR)


def test_around_a_clock_change_each_week_is_told_and_the_shift_with_it(session):
    """New York changes on 14 March 2027, Amsterdam on the 28th."""
    now = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)

    shown = seen(session, make_mentor(session), "America/New_York", now=now)

    assert [week.shared for week in shown.weeks] == [15 * HOUR, 20 * HOUR]
    moves = [(shift.day, f"{shift.before:%H:%M}", f"{shift.after:%H:%M}") for shift in shown.shifts]
    assert moves == [(date(2027, 3, 14), "03:00", "04:00"), (date(2027, 3, 28), "04:00", "03:00")]
    assert [day.day for day in shown.days if starts(day, "America/New_York")[:1] == ["04:00-11:00"]] == [
        date(2027, 3, day) for day in (15, 16, 17, 18, 19, 22)
    ]


def test_clocks_that_change_together_shift_nothing(session):
    now = datetime(2027, 3, 23, 8, 0, tzinfo=UTC)

    shown = seen(session, make_mentor(session), "Europe/London", now=now)

    assert shown.shifts == []
    assert f"{shown.reads:%H:%M}" == "08:00"


def test_the_hour_that_comes_twice_is_told_apart(session, clock):
    """In New York 01:00 to 02:00 comes twice on 1 November 2026; a site that is open all week has times then."""
    clock.set(datetime(2026, 10, 30, 8, 0, tzinfo=UTC))
    mentor = make_mentor(session, weekly={7: spans("05:00-09:00")}, boundaries={"step_minutes": 30})

    shown = seen(session, mentor, "America/New_York", now=clock.now(), envelope=ALL_WEEK)

    sunday = next(day for day in shown.days if day.day == date(2026, 11, 1))
    assert sunday.count == 7
    assert len({each.first for each in sunday.starts}) == len(sunday.starts)


def test_the_page_says_it_in_words(hers):
    page = words(hers.get(f"{PREVIEW}?zone=America/New_York"))

    assert "What mentees see in New York" in page
    assert "Tue 8 Dec 03:00–10:00" in page
    assert "Sat 5 Dec nothing free" in page
    assert "15 hours of your 40 hours a week lie between 08:00 and 18:00 there, Monday to Friday." in page
    assert "Your 09:00 reads 03:00 there, and stays so until Sat 30 Jan 2027 at least" in page


def test_the_page_tells_of_a_shift(client, session, grace, clock):
    clock.set(datetime(2027, 3, 9, 8, 0, tzinfo=UTC))
    sign_in(client, session.get_one(User, grace.id))

    page = words(client.get(f"{PREVIEW}?zone=America/New_York"))

    assert "In the week of Mon 8 Mar, 15 hours of your 40 hours lie between" in page
    assert "From Sun 14 Mar 2027 on, your 09:00 reads 04:00 there instead of 03:00: a clock changes." in page


def test_without_an_offering_a_length_is_chosen(client, session):
    mentor = make_mentor(session, weekly={2: spans("09:00-10:00")})
    make_offering(session, mentor, active=False)
    session.commit()
    sign_in(client, session.get_one(User, mentor.id))

    short, long = client.get(f"{PREVIEW}?minutes=30"), client.get(f"{PREVIEW}?minutes=90")

    assert "Tue 8 Dec 09:00–09:30" in words(short)
    assert "Tue 8 Dec nothing free" in words(long)
    assert "Nothing can be booked in these two weeks" in words(long)


def test_another_offering_has_other_times(hers, session, grace):
    long = make_offering(session, grace, title="Half a day", minutes=240)
    session.commit()

    page = words(hers.get(f"{PREVIEW}?offering={long.id}"))

    assert "Tue 8 Dec 09:00–13:00" in page


@pytest.mark.parametrize(
    "query",
    ["zone=Nowhere", "zone=%00", "zone=GB", "offering=-1", "offering=99999999999999999999", "offering=x", "minutes=7"],
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(hers, query):
    assert hers.get(f"{PREVIEW}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("axis", "at", "labels"),
    [
        pytest.param(Axis(480, 1080), "50%", [8, 10, 12, 14, 16, 18], id="ten hours"),
        pytest.param(Axis.around([(500, 1000)]), "55.556%", [8, 10, 12, 14, 16], id="around nine hours"),
        pytest.param(Axis.around([]), "54.167%", [0, 4, 8, 12, 16, 20, 24], id="a day"),
    ],
)
def test_hours_are_drawn_where_they_lie(axis, at, labels):
    assert axis.at(780) == at
    assert [label // 60 for label in axis.labels] == labels
    assert re.fullmatch(r"[0-9.]+%", axis.width(780, 840))
