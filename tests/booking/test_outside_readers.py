"""Other people's calendar programs read what we write: the same instants, in every zone, across clock changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream

from booking import invites
from booking.domain.calendar import Person, epoch_of
from booking.domain.intervals import as_utc
from booking.domain.outcomes import Side
from booking.domain.states import BookingStatus
from booking.feeds import calendars as feeds
from tests.booking.bookings import SITE, appointment, subscription

EPOCH = epoch_of(datetime(2026, 7, 1, tzinfo=UTC))
HOUR = timedelta(hours=1)
ZONES = [
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "America/Sao_Paulo",  # no more changes
    "Africa/Casablanca",  # changes by the moon
    "Asia/Kathmandu",
    "Pacific/Apia",
]


def by_icalendar(written):
    return {
        str(event["UID"]): (event.decoded("DTSTART"), event.decoded("DTEND"))
        for event in icalendar.Calendar.from_ical(written).walk("VEVENT")
    }


def by_ical(written):
    calendar = IcsCalendarStream.calendar_from_ics(written.decode())
    return {event.uid: (event.dtstart, event.dtend) for event in calendar.events}


def by_vobject(written):
    calendar = vobject.readOne(written.decode())
    return {event.uid.value: (event.dtstart.value, event.dtend.value) for event in calendar.contents.get("vevent", [])}


def by_recurring(written):
    """As who expands whatever recurs, over all the years around."""
    around = recurring_ical_events.of(icalendar.Calendar.from_ical(written)).between((2025, 1, 1), (2029, 1, 1))
    found = {str(event["UID"]): (event.decoded("DTSTART"), event.decoded("DTEND")) for event in around}
    assert len(found) == len(around)
    return found


every_reader = pytest.mark.parametrize("read", [by_icalendar, by_ical, by_vobject, by_recurring])


def changes_of(zone):
    """The instants in the window at which the zone's clock jumps, to the quarter of an hour."""
    at, step = datetime(2026, 5, 1, tzinfo=UTC), timedelta(minutes=15)
    found = []
    while at < datetime(2027, 7, 1, tzinfo=UTC):
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            found.append(at + step)
        at += step
    return found


def sessions_around_changes(name):
    """An hour in each month, and hours that end at, straddle, begin at and follow each change of the clock."""
    zone = ZoneInfo(name)
    starts = {datetime(2026, month, 15, 10, tzinfo=zone).astimezone(UTC) for month in range(6, 13)}
    for change in changes_of(zone):
        starts |= {change + shift * HOUR / 2 for shift in (-2, -1, 0, 1, 2)}
    return [
        appointment(uid=f"{name}-{start:%Y%m%dT%H%M}", starts_at=start, mentor=Person("Grace Example", name))
        for start in sorted(starts)
    ]


@every_reader
@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_finds_every_start_and_end(zone, read):
    sessions = sessions_around_changes(zone)

    found = read(feeds.body(subscription(), sessions, epoch=EPOCH, site=SITE))

    assert len(found) > 6
    assert {uid: tuple(map(as_utc, times)) for uid, times in found.items()} == {
        session.uid: (session.starts_at, session.ends_at) for session in sessions
    }


@every_reader
def test_every_reader_takes_a_calendar_without_sessions(read):
    assert read(feeds.body(subscription(), [], epoch=EPOCH, site=SITE)) == {}


@every_reader
def test_every_reader_takes_tombstones_and_strange_names(read):
    strange = appointment(
        starts_at=EPOCH,
        status=BookingStatus.CANCELLED_BY_MENTOR,
        mentor=Person('Grace "the\u2028Great"; \\ Example\x00', "Europe/Amsterdam"),
    )

    assert len(read(feeds.body(subscription(), [strange], epoch=EPOCH, site=SITE))) == 1


def sequences(written):
    """By UID, as icalendar reads them; a UID comes once."""
    events = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events)
    return {str(event["UID"]): int(str(event["SEQUENCE"])) for event in events}


@every_reader
@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_finds_a_moved_session_at_its_new_time_and_nowhere_else(zone, read):
    """Each is moved to the next one's time, across every change of the clock."""
    sessions = sessions_around_changes(zone)
    later = [*sessions[1:], appointment(starts_at=EPOCH + timedelta(days=300))]
    moved = [
        replace(each, starts_at=to.starts_at, ends_at=to.ends_at, sequence=each.sequence + 1, changed_at=EPOCH)
        for each, to in zip(sessions, later, strict=True)
    ]

    before, after = (feeds.body(subscription(), each, epoch=EPOCH, site=SITE) for each in (sessions, moved))

    found = read(after)
    assert {uid: tuple(map(as_utc, times)) for uid, times in found.items()} == {
        each.uid: (each.starts_at, each.ends_at) for each in moved
    }
    assert found.keys() == read(before).keys()
    assert sequences(after) == {uid: number + 1 for uid, number in sequences(before).items()}


@every_reader
def test_every_reader_takes_the_invitation_to_a_new_time_under_the_old_uid(read):
    invited = invites.Invited("Ada; Example", "ada@example.org", Side.MENTEE)
    first = appointment(starts_at=EPOCH)
    second = replace(first, starts_at=EPOCH + HOUR, ends_at=EPOCH + 2 * HOUR, sequence=1)

    found = [
        read(invites.request(each, invited, sender="office-hours@example.org", site=SITE)) for each in (first, second)
    ]

    assert found == [{first.uid: (EPOCH, EPOCH + HOUR)}, {first.uid: (EPOCH + HOUR, EPOCH + 2 * HOUR)}]


@every_reader
def test_every_reader_takes_an_invitation(read):
    invited = invites.Invited("Ada; Example", "ada@example.org", Side.MENTEE)
    session = appointment(starts_at=EPOCH)

    found = read(invites.request(session, invited, sender="office-hours@example.org", site=SITE))

    assert found == {session.uid: (session.starts_at, session.ends_at)}
