"""A subscribed calendar's bytes: what RFC 5545, 7986 and real readers want of them."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from booking.domain.calendar import Person, Scope, epoch_of
from booking.domain.states import BookingStatus
from booking.feeds import calendars as feeds
from tests.booking.bookings import ADA, BOOKED_AT, GRACE, GRACES_ID, SITE, TEN, appointment, subscription

EPOCH = epoch_of(TEN)
CANCELLED_AT = BOOKED_AT + timedelta(days=2)


def body(*appointments, **of_subscription):
    return feeds.body(subscription(**of_subscription), appointments, epoch=EPOCH, site=SITE)


def unfolded(written):
    return written.replace(b"\r\n ", b"").decode().split("\r\n")


def events(written):
    return list(icalendar.Calendar.from_ical(written).walk("VEVENT"))


def etag(epoch=EPOCH, site=SITE, **of_subscription):
    return feeds.version_of(subscription(**of_subscription), epoch=epoch, site=site).etag


def test_the_head_names_the_calendar_and_says_how_often_to_look():
    lines = unfolded(body())

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {
        "VERSION:2.0",
        "PRODID:-//Office Hours//Calendar//EN",
        "NAME:Office Hours: my sessions",
        "X-WR-CALNAME:Office Hours: my sessions",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    } <= set(lines)


def test_a_session_is_told_in_utc_with_every_property_once():
    lines = unfolded(body(appointment(sequence=3)))

    described = (
        r"Ada Example: Tue 8 Dec\, 04:00–05:00 (America/New_York)\n"
        r"Grace Example: Tue 8 Dec\, 10:00–11:00 (Europe/Amsterdam)\n\n"
        r"The session’s page: https://mentors.example.org/sessions/s3ss10n"
    )
    event = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    assert sorted(event) == sorted(
        [
            "UID:k9d2@office-hours",
            "SEQUENCE:3",
            "DTSTAMP:20261120T120000Z",
            "LAST-MODIFIED:20261120T120000Z",
            "CREATED:20261120T120000Z",
            "DTSTART:20261208T090000Z",
            "DTEND:20261208T100000Z",
            "SUMMARY:Single session with Grace Example",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            "URL:https://mentors.example.org/sessions/s3ss10n",
            f"DESCRIPTION:{described}",
        ]
    )


def test_a_mentor_reads_whom_they_meet():
    (event,) = events(body(appointment(), scope=Scope.MENTOR, user_id=GRACES_ID))

    assert event["SUMMARY"] == "Single session with Ada Example"


@pytest.mark.parametrize("word", ["ATTENDEE", "ORGANIZER", "METHOD", "VALARM", "VTIMEZONE", "TZID"])
def test_a_feed_has_nothing_of(word):
    assert word not in body(appointment(), with_join_link=True).decode()


def test_the_join_link_is_told_only_where_its_owner_wants_it():
    link = "https://meet.example.org/grace"

    (without,), (with_link,) = events(body(appointment())), events(body(appointment(), with_join_link=True))

    assert link not in without.to_ical().decode()
    assert with_link["LOCATION"] == link
    assert with_link["CONFERENCE"] == link
    assert f"Join: {link}" in with_link["DESCRIPTION"]
    assert "CONFERENCE;FEATURE=VIDEO;LABEL=Join;VALUE=URI:" in body(appointment(), with_join_link=True).decode()


def test_a_cancelled_session_turns_into_a_tombstone():
    cancelled = appointment(status=BookingStatus.CANCELLED_BY_MENTOR, sequence=1, changed_at=CANCELLED_AT)

    (event,) = events(body(cancelled, with_join_link=True))

    assert event["UID"] == "k9d2@office-hours"
    assert event["SEQUENCE"] == 1
    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["X-MICROSOFT-CDO-BUSYSTATUS"] == "FREE"
    assert event["SUMMARY"] == "Cancelled: Single session with Grace Example"
    assert event["LAST-MODIFIED"].dt == CANCELLED_AT
    assert not {"DESCRIPTION", "LOCATION", "CONFERENCE"} & event.keys()


def test_a_moved_session_keeps_its_uid_with_a_higher_sequence():
    moved_at = BOOKED_AT + timedelta(hours=1)
    moved = appointment(starts_at=TEN + timedelta(days=1), sequence=1, changed_at=moved_at)

    (before,), (after,) = events(body(appointment())), events(body(moved))

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["DTSTART"].dt == before["DTSTART"].dt + timedelta(days=1)


def test_the_same_rows_make_the_same_bytes_in_whatever_order_they_come():
    sessions = [appointment(uid=f"{n}@office-hours", starts_at=TEN + timedelta(hours=n % 3)) for n in range(9)]

    assert body(*sessions) == body(*reversed(sessions))


def test_lines_end_in_crlf_and_have_75_octets_at_most():
    long_names = Person("Zoë Überlang " * 12, ADA.zone)

    written = body(appointment(mentee=long_names, title="Séance unique ✓" * 9), scope=Scope.MENTOR, user_id=GRACES_ID)

    lines = written.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines]  # no fold splits a character


@pytest.mark.parametrize(
    "separator",
    ["\x00", "\x07", "\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\r\n", "\n"],
    ids=lambda character: character.encode("unicode_escape").decode(),
)
def test_no_character_in_a_name_ends_a_line_or_is_a_control(separator):
    strange = Person(f"Ada{separator}BEGIN:VALARM", ADA.zone)

    written = body(appointment(mentee=strange, title=f"One{separator}two"), scope=Scope.MENTOR, user_id=GRACES_ID)

    (event,) = events(written)
    assert event["SUMMARY"] == "One two with Ada BEGIN:VALARM"
    lines = unfolded(written)
    assert written.decode().replace("\r\n ", "").splitlines() == lines[:-1]
    assert all(character.isprintable() for line in lines for character in line)


def test_commas_semicolons_and_backslashes_survive():
    (event,) = events(body(appointment(title=r"Plan; review, \n and more")))

    assert event["SUMMARY"] == r"Plan; review, \n and more with Grace Example"


def test_a_calendar_without_sessions_is_one():
    read = icalendar.Calendar.from_ical(body())

    assert read["VERSION"] == "2.0"
    assert events(body()) == []


def test_the_version_changes_with_all_that_the_bytes_depend_on():
    changed = {
        etag(),
        etag(revision=8),
        etag(epoch=EPOCH + timedelta(days=7)),
        etag(scope=Scope.MENTOR),
        etag(with_join_link=True),
        etag(owner=Person("Ada Lovelace", ADA.zone)),
        etag(owner=Person(ADA.name, "Asia/Tokyo")),
        etag(site=type(SITE)(SITE.name, "https://other.example.org", SITE.meeting_url)),
    }

    assert len(changed) == 8


def test_the_version_does_not_change_with_the_format_unnoticed(monkeypatch):
    before = etag()

    monkeypatch.setattr(feeds, "FORMAT_VERSION", feeds.FORMAT_VERSION + 1)

    assert etag() != before


@pytest.mark.parametrize(
    ("changed_at", "expected"),
    [
        pytest.param(EPOCH - timedelta(days=3), EPOCH, id="unchanged since Monday: Monday"),
        pytest.param(
            datetime(2026, 12, 8, 9, 30, 15, 999999, UTC),
            datetime(2026, 12, 8, 9, 30, 15, tzinfo=UTC),
            id="whole seconds",
        ),
    ],
)
def test_last_modified_is_the_later_of_change_and_epoch(changed_at, expected):
    version = feeds.version_of(subscription(changed_at=changed_at), epoch=EPOCH, site=SITE)

    assert version.last_modified == expected


def test_all_sessions_in_one_calendar_name_the_other_person_of_each():
    gives = appointment()
    takes = appointment(uid="other@office-hours", mentor_id=9, mentor=Person("Edsger Example", "UTC"), mentee=GRACE)

    written = events(body(gives, takes, scope=Scope.BOTH, user_id=GRACES_ID))

    assert {str(each["SUMMARY"]) for each in written} == {
        "Single session with Ada Example",
        "Single session with Edsger Example",
    }


def test_a_busy_calendar_says_when_and_nothing_else():
    written = body(appointment(), scope=Scope.BUSY, user_id=GRACES_ID, with_join_link=True)

    (event,) = events(written)
    assert (event["SUMMARY"], event["TRANSP"], event["STATUS"]) == ("Busy", "OPAQUE", "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (TEN, TEN + timedelta(hours=1))
    told = written.decode()
    for private in ("Ada", "Grace", "s3ss10n", "k9d2", "Single session", "meet.example.org", "/sessions/"):
        assert private not in told


def test_the_uid_in_a_busy_calendar_is_its_own_and_stays():
    first, second = (body(appointment(), scope=Scope.BUSY), body(appointment(sequence=1), scope=Scope.BUSY))

    (old,), (new,) = events(first), events(second)
    assert old["UID"] == new["UID"] != "k9d2@office-hours"


@pytest.mark.parametrize(
    ("options", "stands"),
    [({}, True), ({"with_cancelled": False}, False), ({"scope": Scope.BUSY}, False), ({"scope": Scope.BOTH}, True)],
)
def test_cancelled_sessions_stand_where_they_are_wanted_and_never_as_busy(options, stands):
    written = events(body(appointment(status=BookingStatus.CANCELLED_BY_MENTOR, changed_at=CANCELLED_AT), **options))

    assert len(written) == stands


def test_wanting_no_cancelled_sessions_is_another_version():
    assert etag(with_cancelled=False) != etag()
