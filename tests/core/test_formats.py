"""How instants read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.core import formats

TUESDAY = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_a_time_reads_in_the_zone_of_the_reader():
    assert formats.local(TUESDAY, STOCKHOLM) == "Tue 8 Dec, 10:30"
    assert formats.local_with_zone(TUESDAY, "Asia/Kathmandu") == "Tue 8 Dec, 15:15 (Asia/Kathmandu)"
    assert formats.dated(TUESDAY, "America/St_Johns") == "8 Dec 2026, 06:00"


def test_a_day_needs_no_zone_but_the_day_of_an_instant_does():
    assert formats.long_day(date(2026, 12, 8)) == "Tuesday 8 December"
    assert formats.day(TUESDAY, "Pacific/Kiritimati") == "Tue 8 Dec"
    with pytest.raises(ValueError, match="depends on the zone"):
        formats.day(TUESDAY)


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        formats.clock_time(datetime(2026, 12, 8, 9, 30), STOCKHOLM)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("at", "zone", "reads"),
    [
        pytest.param(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Stockholm", "02:30 (UTC+2)", id="first pass"),
        pytest.param(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Stockholm", "02:30 (UTC+1)", id="second pass"),
        pytest.param(datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "Europe/Stockholm", "03:00", id="after it"),
        pytest.param(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Stockholm", "03:00", id="after a gap"),
        pytest.param(datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "Australia/Lord_Howe", "01:45 (UTC+10:30)", id="30 min"),
        pytest.param(datetime(2026, 11, 1, 3, 45, tzinfo=UTC), "America/St_Johns", "01:15 (UTC−2:30)", id="west"),
    ],
)
def test_a_time_in_a_repeated_hour_says_its_offset(at, zone, reads):
    assert formats.clock_time(at, zone) == reads


def test_a_span_names_the_second_day_when_it_ends_on_one():
    assert formats.local_span(TUESDAY, TUESDAY + timedelta(hours=1), STOCKHOLM) == "Tue 8 Dec, 10:30–11:30"
    assert formats.local_span(TUESDAY, TUESDAY + timedelta(hours=1), "Asia/Tokyo") == "Tue 8 Dec, 18:30–19:30"
    late = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert formats.local_span(late, late + timedelta(hours=1), STOCKHOLM) == "Thu 31 Dec, 23:30 – Fri 1 Jan, 00:30"


@pytest.mark.parametrize(
    ("left", "reads"),
    [
        pytest.param(timedelta(minutes=29, seconds=12), "29:12", id="minutes"),
        pytest.param(timedelta(seconds=59, microseconds=1), "1:00", id="a begun second counts"),
        pytest.param(timedelta(0), "0:00", id="over"),
        pytest.param(timedelta(minutes=-5), "0:00", id="long over"),
    ],
)
def test_a_countdown_never_shows_less_than_is_left(left, reads):
    assert formats.countdown(TUESDAY + left, TUESDAY) == reads


@pytest.mark.parametrize(
    ("minutes", "reads"), [(1, "1 minute"), (50, "50 minutes"), (60, "1 hour"), (120, "2 hours"), (90, "1 h 30 min")]
)
def test_lengths_read_as_people_say_them(minutes, reads):
    assert formats.length(minutes) == reads


def test_an_address_carries_instants_in_utc():
    assert formats.instant(TUESDAY.astimezone(STOCKHOLM)) == "2026-12-08T09:30Z"


def test_lists_of_words_end_with_and():
    assert formats.listed(["Mon", "Tue", "Fri"]) == "Mon, Tue and Fri"
    assert formats.listed(["Mon"]) == "Mon"
