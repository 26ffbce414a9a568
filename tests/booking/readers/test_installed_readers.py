"""Calendar programs that people use read a whole calendar from the site, as the database has it: the same sessions, at
the same instants, in the same states, and no more of them.

Over clock changes in two zones, with one that was moved, one that was cancelled and one that is over; and whatever was
typed into names and titles stays text.
"""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from booking import ics
from booking.domain.boundaries import Envelope
from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.services.move import NewTime, move_booking
from marketplace.core.clock import utcnow
from tests.booking.bookings import HOUR, SITE, TEN, make_booking
from tests.booking.readers.installed import READERS, Seen, installed
from tests.booking.test_feed_views import subscribe
from tests.factories import make_mentor, make_offering, make_user

WEEK = timedelta(days=7)
CHANGES = [
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # back in Amsterdam
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # back in New York
    datetime(2027, 3, 14, 7, tzinfo=UTC),  # forward in New York
    datetime(2027, 3, 28, 1, tzinfo=UTC),  # forward in Amsterdam
]
PARTS = [
    "\r\nATTENDEE:mailto:eve@example.org", "\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil\n", "\\nURL:https://evil.example",
    ";X-EVIL=1:", ",;:\\\"'", "\x0bSTATUS:CANCELLED", "\u2028DTSTART:19700101T000000Z", "👩🏽‍🚀", "🏳️‍🌈" * 9,
    "é" * 37 + "€", "x" * 74, "y" * 75, "Ada",
]  # fmt: skip
every_program = pytest.mark.parametrize("name", READERS)


@pytest.fixture
def ada(session):
    return make_user(session, "Ada Example", zone="America/New_York")


@pytest.fixture
def offering(session):
    return make_offering(session, make_mentor(session))


@pytest.fixture
def address(session, settings, ada, offering):
    """Of a calendar with some of everything."""
    for change in CHANGES:
        for hours in (-2, 0, 1):
            make_booking(session, offering, ada, change + hours * HOUR)
    make_booking(session, offering, ada, TEN + WEEK, status=BookingStatus.CANCELLED_BY_MENTOR)
    make_booking(session, offering, ada, TEN - 2 * WEEK, status=BookingStatus.COMPLETED)
    moved = make_booking(session, offering, ada, TEN)
    open_all_week = Envelope(frozenset(range(1, 8)), 0, 1440)
    later = NewTime(TEN + HOUR, ada.id, "", moved.sequence)
    move_booking(session, moved, later, now=utcnow(), envelope=open_all_week, site_meeting_url=SITE.meeting_url)
    session.commit()
    return subscribe(session, settings, ada.id, Scope.MENTEE)


def rows(session):
    """As the database has them."""
    states = {BookingStatus.CANCELLED_BY_MENTOR: "CANCELLED"}
    return sorted(
        Seen(each.starts_at, each.ends_at, each.uid, states.get(each.state, "CONFIRMED"))
        for each in session.scalars(select(Booking))
    )


def told(seen):
    """But for the words."""
    return sorted(Seen(each.start, each.end, each.uid, each.status) for each in seen)


@every_program
def test_each_program_tells_every_session_as_the_database_has_it(client, session, address, tmp_path, name):
    seen = installed(name)(client.get(address).data, tmp_path)

    expected = rows(session)
    if name == "calcurse":
        assert sorted((each.start, each.end) for each in seen) == [(each.start, each.end) for each in expected]
        assert sum(each.summary.startswith("Cancelled: ") for each in seen) == 1
    else:
        assert told(seen) == expected
    assert len(seen) == len(expected) == 15


@every_program
def test_what_people_type_stays_text_in_each_program(client, session, settings, ada, offering, tmp_path, name):
    """Two dozen titles of evil parts, from a seed, in one calendar: as many events as sessions, each with its words."""
    draw = Random(26)
    titles = ["".join(draw.choices(PARTS, k=draw.randint(1, 5))) for _ in range(24)]
    for number, title in enumerate(titles):
        make_booking(session, offering, ada, TEN + number * WEEK / 7, title=title)
    session.commit()

    seen = installed(name)(client.get(subscribe(session, settings, ada.id, Scope.MENTEE)).data, tmp_path)

    said = [ics.line_of(ics.SUMMARY % {"title": title, "name": "Grace Example"}) for title in titles]
    assert [each.start for each in sorted(seen)] == [TEN + number * WEEK / 7 for number in range(len(titles))]
    assert [" ".join(each.summary.split()) for each in sorted(seen)] == said
    assert {each.status for each in seen} <= {"CONFIRMED", ""}
