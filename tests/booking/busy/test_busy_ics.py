"""What calendars say, in known cases written by hand. Their owner lives in Amsterdam: UTC+1, and UTC+2 from 28 March
2027."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from booking.busy.ics import read
from booking.domain.busy import Reading, Trouble, Unreadable, window_at
from tests.booking.busy.calendars import calendar, event, free_busy, zone

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NINE_TO_TEN = ("DTSTART;TZID=Europe/Amsterdam:20261202T090000", "DTEND;TZID=Europe/Amsterdam:20261202T100000")
DAILY = (*NINE_TO_TEN, "RRULE:FREQ=DAILY;COUNT=3")
AT_EIGHT_UTC = "2026-12-02 08:00–09:00"
THREE_DAYS = [AT_EIGHT_UTC, "2026-12-03 08:00–09:00", "2026-12-04 08:00–09:00"]


def reading(*parts: list[str], head: tuple[str, ...] = (), **given: object) -> Reading:
    return read(calendar(*parts, head=head), zone=AMSTERDAM, window=window_at(NOW), **given)  # type: ignore[arg-type]


def times(*parts: list[str], head: tuple[str, ...] = (), **given: object) -> list[str]:
    """In UTC, as a person would write them."""
    return [
        f"{each.start:%Y-%m-%d %H:%M}–{each.end:%H:%M}"
        if each.start.date() == each.end.date()
        else f"{each.start:%Y-%m-%d %H:%M}–{each.end:%Y-%m-%d %H:%M}"
        for each in reading(*parts, head=head, **given).busy
    ]


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        pytest.param(NINE_TO_TEN, [AT_EIGHT_UTC], id="start and end"),
        pytest.param((NINE_TO_TEN[0], "DURATION:PT1H"), [AT_EIGHT_UTC], id="start and length"),
        pytest.param(("DTSTART:20261202T080000Z", "DTEND:20261202T090000Z"), [AT_EIGHT_UTC], id="in UTC"),
        pytest.param(("DTSTART:20261202T090000", "DTEND:20261202T100000"), [AT_EIGHT_UTC], id="no zone: the owner's"),
        pytest.param((NINE_TO_TEN[0],), [], id="no end: a moment takes no time"),
        pytest.param(("DTSTART;VALUE=DATE:20261202",), ["2026-12-01 23:00–2026-12-02 23:00"], id="a whole day"),
        pytest.param(
            ("DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270329"),
            ["2027-03-27 23:00–2027-03-28 22:00"],
            id="a day of 23 hours, its end left out",
        ),
        pytest.param(
            ("DTSTART;VALUE=DATE:20261202", "DURATION:P2D"), ["2026-12-01 23:00–2026-12-03 23:00"], id="two whole days"
        ),
        pytest.param(
            ("DTSTART:20261202T090000Z", "DTEND:20261202T080000Z"), [AT_EIGHT_UTC], id="backwards: the other way round"
        ),
        pytest.param(("DTSTART:20261202T090000Z", "DURATION:-PT1H"), [AT_EIGHT_UTC], id="a length below nothing"),
        pytest.param(
            ("DTSTART;TZID=Europe/Amsterdam:20270328T023000", "DURATION:PT1H"),
            ["2027-03-28 01:30–02:30"],
            id="begins in the hour that is left out: the first real minutes after it",
        ),
        pytest.param(
            ("DTSTART:20261130T000000Z", "DTEND:20261201T120000Z"),
            ["2026-11-30 08:00–2026-12-01 12:00"],
            id="what began before is cut to the window",
        ),
        pytest.param(("DTSTART:20261110T080000Z", "DTEND:20261110T090000Z"), [], id="over"),
        pytest.param(("DTSTART:20290101T080000Z", "DTEND:20290101T090000Z"), [], id="further than anybody can book"),
        pytest.param((*NINE_TO_TEN, "TRANSP:TRANSPARENT"), [], id="shown as free"),
        pytest.param((*NINE_TO_TEN, "TRANSP:OPAQUE"), [AT_EIGHT_UTC], id="shown as busy"),
        pytest.param((*NINE_TO_TEN, "STATUS:CANCELLED"), [], id="cancelled"),
        pytest.param((*NINE_TO_TEN, "STATUS:TENTATIVE"), [AT_EIGHT_UTC], id="not sure yet"),
        pytest.param((*NINE_TO_TEN, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), [], id="free in Outlook"),
        pytest.param((*NINE_TO_TEN, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), [AT_EIGHT_UTC], id="out of office"),
    ],
)
def test_a_single_entry(lines: tuple[str, ...], busy: list[str]):
    assert times(event(*lines)) == busy


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        pytest.param(DAILY, THREE_DAYS, id="three times"),
        pytest.param((*NINE_TO_TEN, "RRULE:FREQ=DAILY;UNTIL=20261204T080000Z"), THREE_DAYS, id="until, in UTC"),
        pytest.param((*NINE_TO_TEN, "RRULE:FREQ=DAILY;UNTIL=20261204T090000"), THREE_DAYS, id="until, by the clock"),
        pytest.param((*NINE_TO_TEN, "RRULE:FREQ=DAILY;UNTIL=20261204"), THREE_DAYS, id="until a date, with all of it"),
        pytest.param(
            (*DAILY, "EXDATE;TZID=Europe/Amsterdam:20261203T090000"), [THREE_DAYS[0], THREE_DAYS[2]], id="but for one"
        ),
        pytest.param((*DAILY, "EXDATE:20261203T080000Z"), [THREE_DAYS[0], THREE_DAYS[2]], id="but for one, in UTC"),
        pytest.param((*DAILY, "EXDATE;VALUE=DATE:20261203"), [THREE_DAYS[0], THREE_DAYS[2]], id="but for a day"),
        pytest.param(
            (*NINE_TO_TEN, "RDATE;TZID=Europe/Amsterdam:20261203T090000,20261204T090000"), THREE_DAYS, id="by dates"
        ),
        pytest.param(
            (*NINE_TO_TEN, "RDATE;VALUE=PERIOD:20261207T120000Z/PT30M,20261208T120000Z/20261208T140000Z"),
            [AT_EIGHT_UTC, "2026-12-07 12:00–12:30", "2026-12-08 12:00–14:00"],
            id="by periods, each as long as it says",
        ),
        pytest.param(
            ("DTSTART;TZID=Europe/Amsterdam:20270327T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
            ["2027-03-27 08:00–09:00", "2027-03-28 07:00–08:00"],
            id="at nine by the clock, whatever the clock does",
        ),
        pytest.param(
            ("DTSTART;VALUE=DATE:20261202", "RRULE:FREQ=WEEKLY;COUNT=2"),
            ["2026-12-01 23:00–2026-12-02 23:00", "2026-12-08 23:00–2026-12-09 23:00"],
            id="whole days",
        ),
    ],
)
def test_a_series(lines: tuple[str, ...], busy: list[str]):
    assert times(event(*lines)) == busy


@pytest.mark.parametrize(
    ("exception", "busy"),
    [
        pytest.param(
            (
                "RECURRENCE-ID;TZID=Europe/Amsterdam:20261203T090000",
                "DTSTART;TZID=Europe/Amsterdam:20261203T150000",
                "DURATION:PT30M",
            ),
            [THREE_DAYS[0], "2026-12-03 14:00–14:30", THREE_DAYS[2]],
            id="one is moved",
        ),
        pytest.param(
            ("RECURRENCE-ID:20261203T080000Z", "DTSTART:20270115T080000Z", "DURATION:PT1H"),
            [THREE_DAYS[0], THREE_DAYS[2], "2027-01-15 08:00–09:00"],
            id="one is moved far away",
        ),
        pytest.param(
            ("RECURRENCE-ID:20261203T080000Z", "DTSTART:20261203T080000Z", "DURATION:PT1H", "STATUS:CANCELLED"),
            [THREE_DAYS[0], THREE_DAYS[2]],
            id="one is cancelled",
        ),
        pytest.param(
            ("RECURRENCE-ID:20261203T080000Z", "DTSTART:20261203T080000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"),
            [THREE_DAYS[0], THREE_DAYS[2]],
            id="one is free",
        ),
        pytest.param(
            (
                "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20261203T090000",
                "DTSTART;TZID=Europe/Amsterdam:20261203T110000",
                "DURATION:PT2H",
            ),
            [THREE_DAYS[0], "2026-12-03 10:00–12:00", "2026-12-04 10:00–12:00"],
            id="from one on, all are moved and longer",
        ),
    ],
)
def test_a_series_with_an_exception(exception: tuple[str, ...], busy: list[str]):
    assert times(event(*DAILY), event(*exception)) == busy


AT_NINE = ("DTSTART;TZID={}:20261202T090000", "DURATION:PT1H")


def at_nine(name: str) -> list[str]:
    return event(*(line.format(name) for line in AT_NINE))


@pytest.mark.parametrize(
    ("parts", "busy"),
    [
        pytest.param([at_nine("America/New_York")], ["2026-12-02 14:00–15:00"], id="by its usual name"),
        pytest.param([at_nine("W. Europe Standard Time")], [AT_EIGHT_UTC], id="by the name Windows has, undefined"),
        pytest.param(
            [zone("W. Europe Standard Time"), at_nine("W. Europe Standard Time")], [AT_EIGHT_UTC], id="and defined"
        ),
        pytest.param(
            [zone("Customized Time Zone", winter="-0500", summer="-0400"), at_nine("Customized Time Zone")],
            ["2026-12-02 14:00–15:00"],
            id="a name of its own: as it is defined",
        ),
        pytest.param(
            [zone("America/New_York", winter="+0900", summer="+0900"), at_nine("America/New_York")],
            ["2026-12-02 14:00–15:00"],
            id="a definition that lies about a place is not believed",
        ),
    ],
)
def test_a_zone(parts: list[list[str]], busy: list[str]):
    assert times(*parts) == busy


def test_a_zone_that_nobody_knows_is_the_owners_and_the_owner_is_told():
    found = reading(at_nine("Mars/Olympus"), at_nine("Mars/Olympus"))

    assert [f"{each.start:%H:%M}" for each in found.busy] == ["08:00"]
    assert found.unzoned == 2


def test_a_calendar_that_names_a_zone_has_times_without_one_in_it():
    floating = event("DTSTART:20261202T090000", "DURATION:PT1H")

    assert times(floating, head=("X-WR-TIMEZONE:America/New_York",)) == ["2026-12-02 14:00–15:00"]
    assert times(floating, head=("X-WR-TIMEZONE:Atlantis",)) == [AT_EIGHT_UTC]


def test_a_series_in_utc_goes_by_the_clock_of_the_zone_that_its_calendar_names():
    weekly = event("DTSTART:20270322T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")

    assert times(weekly, head=("X-WR-TIMEZONE:Europe/Amsterdam",)) == [
        "2027-03-22 08:00–09:00",
        "2027-03-29 07:00–08:00",
    ]
    assert times(weekly) == ["2027-03-22 08:00–09:00", "2027-03-29 08:00–09:00"]


def test_free_busy_counts_as_it_is_called():
    found = free_busy(
        "FREEBUSY;FBTYPE=BUSY:20261202T080000Z/PT1H",
        "FREEBUSY:20261203T080000Z/20261203T090000Z",
        "FREEBUSY;FBTYPE=FREE:20261205T080000Z/PT1H",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261204T080000Z/PT1H",
    )

    assert times(found) == THREE_DAYS


def test_what_overlaps_or_touches_is_one_time():
    parts = [
        event("DTSTART:20261202T080000Z", "DTEND:20261202T090000Z", uid="a"),
        event("DTSTART:20261202T083000Z", "DTEND:20261202T093000Z", uid="b"),
        event("DTSTART:20261202T093000Z", "DTEND:20261202T100000Z", uid="c"),
        event("DTSTART:20261202T100100Z", "DTEND:20261202T110000Z", uid="d"),
    ]

    assert times(*parts) == ["2026-12-02 08:00–10:00", "2026-12-02 10:01–11:00"]


def test_what_is_ours_is_left_out_with_its_exceptions():
    moved = ("RECURRENCE-ID:20261203T080000Z", "DTSTART:20261207T080000Z", "DURATION:PT1H")
    parts = [event(*DAILY, uid="a@office-hours"), event(*moved, uid="a@office-hours"), event(*NINE_TO_TEN)]

    assert times(*parts, ours=["a@office-hours"]) == [AT_EIGHT_UTC]


def test_two_without_a_uid_are_two():
    first = event(*NINE_TO_TEN)
    second = event("DTSTART:20261203T080000Z", "DURATION:PT1H")
    parts = [[line for line in part if not line.startswith("UID")] for part in (first, second)]

    assert times(*parts) == THREE_DAYS[:2]


def test_several_calendars_in_one_file_are_all_read():
    text = calendar(event(*NINE_TO_TEN)) + calendar(event("DTSTART:20261203T080000Z", "DURATION:PT1H"))

    assert [each.start.day for each in read(text, zone=AMSTERDAM, window=window_at(NOW)).busy] == [2, 3]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(("DTSTART:tomorrow", "DURATION:PT1H"), id="no start that can be read"),
        pytest.param(("DURATION:PT1H",), id="no start"),
        pytest.param(("DTSTART:00010101T000000Z", "DTEND:99991231T235959Z"), id="all of time"),
    ],
)
def test_an_entry_that_cannot_be_read_is_counted_and_the_others_stand(damaged: tuple[str, ...]):
    found = reading(event(*damaged, uid="damaged"), event(*NINE_TO_TEN))

    assert (found.events, found.unread, len(found.busy)) == (2, 1, 1)


def test_of_a_series_whose_rule_cannot_be_read_its_first_stands():
    found = reading(event(*NINE_TO_TEN, "RRULE:FREQ=SOMETIMES"))

    assert (found.unread, len(found.busy)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        pytest.param(b"", Trouble.NO_CALENDAR, id="nothing"),
        pytest.param(b"<html><title>Sign in</title></html>", Trouble.NO_CALENDAR, id="a page"),
        pytest.param(bytes(range(256)), Trouble.NO_CALENDAR, id="noise"),
        pytest.param(calendar(event(*NINE_TO_TEN))[:-30], Trouble.NO_CALENDAR, id="half of one"),
        pytest.param(
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 900 + b"END:VCALENDAR", Trouble.NO_CALENDAR, id="nested"
        ),
        pytest.param(calendar(event(*NINE_TO_TEN, "RRULE:FREQ=SECONDLY")), Trouble.TOO_MUCH, id="every second"),
        pytest.param(calendar(event(*NINE_TO_TEN, "RRULE:FREQ=MINUTELY")), Trouble.TOO_MUCH, id="every minute"),
        pytest.param(calendar(*[["BEGIN:VEVENT", "END:VEVENT"]] * 5001), Trouble.TOO_MUCH, id="too many entries"),
    ],
)
def test_what_is_no_calendar_or_too_much_is_refused_as_a_whole(text: bytes, trouble: Trouble):
    with pytest.raises(Unreadable) as refused:
        read(text, zone=AMSTERDAM, window=window_at(NOW))

    assert refused.value.trouble is trouble


def test_an_empty_calendar_says_that_its_owner_is_free():
    assert reading() == Reading(())


def test_a_file_with_a_byte_order_mark_is_read():
    text = b"\xef\xbb\xbf" + calendar(event(*NINE_TO_TEN))

    assert len(read(text, zone=AMSTERDAM, window=window_at(NOW)).busy) == 1
