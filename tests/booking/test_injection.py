"""Whatever people type into a name or a title stays text: it makes no line, no property and no event of its own."""

import re
from collections import Counter

import icalendar
import pytest
import vobject
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from booking import ics, invites
from booking.domain.calendar import Person, epoch_of
from booking.domain.outcomes import Side
from booking.feeds import calendars as feeds
from tests.booking.bookings import SITE, TEN, appointment, subscription

pytestmark = pytest.mark.slow
EPOCH = epoch_of(TEN)
NAMED = re.compile(rb"([A-Z-]+)[;:]")
EVIL = [
    "\r\nATTENDEE:mailto:eve@example.org",
    "\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
    "\\nURL:https://evil.example.org",
    ";X-EVIL=1:",
    ",;:\\\"'",
    "\u2028DTSTART:19700101T000000Z",
    "\x0bSTATUS:CANCELLED",
    "\x85RRULE:FREQ=SECONDLY",
    "\x00\x1b\x7f",
    "\ufeff",
    "👩🏽‍🚀",
    "🏳️‍🌈" * 9,
    "é" * 37 + "€",
    " ",
]
TYPED = st.lists(st.sampled_from(EVIL) | st.text(max_size=12), min_size=1, max_size=8).map("".join)


def lines_of(written: bytes) -> list[bytes]:
    """As they are written, before any is unfolded."""
    assert written.endswith(b"\r\n")
    assert b"\r" not in written.replace(b"\r\n", b"")
    assert b"\n" not in written.replace(b"\r\n", b"")
    return written[:-2].split(b"\r\n")


def properties(written: bytes) -> Counter[bytes]:
    unfolded = written.replace(b"\r\n ", b"")
    return Counter(match[1] for line in lines_of(unfolded) if (match := NAMED.match(line)))


def written_for(title: str, name: str) -> list[bytes]:
    """A calendar and an invitation with a session of that title, with somebody of that name."""
    session = appointment(title=title, mentor=Person(name, "Europe/Amsterdam"))
    invited = invites.Invited(name, "ada@example.org", Side.MENTEE)
    return [
        feeds.body(subscription(with_join_link=True), [session], epoch=EPOCH, site=SITE),
        invites.request(session, invited, sender="office-hours@example.org", site=SITE),
    ]


PLAIN = [properties(each) for each in written_for("Title", "Name")]


def test_whatever_is_typed_makes_no_property_of_its_own():
    seen: Counter[str] = Counter()

    @seed(41)
    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TYPED, TYPED)
    def holds(title, name):
        for written, plain in zip(written_for(title, name), PLAIN, strict=True):
            assert properties(written) == plain
            for line in lines_of(written):
                assert len(line) <= 75
                line.decode()  # no character is cut in two
            seen["folded"] += b"\r\n " in written
            seen["written"] += 1

    holds()
    assert seen["written"] == 300
    assert seen["folded"] >= 200


def test_whatever_is_typed_is_read_back_as_one_line_of_text():
    @seed(42)
    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TYPED, TYPED)
    def holds(title, name):
        session = appointment(title=title, mentor=Person(name, "Europe/Amsterdam"))
        said = ics.line_of(ics.SUMMARY % {"title": title, "name": name})
        for written in written_for(title, name):
            (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
            assert str(event["SUMMARY"]) == said
            assert str(event["UID"]) == session.uid
            assert event.decoded("DTSTART") == session.starts_at
            assert vobject.readOne(written.decode()).vevent.summary.value == said

    holds()


def test_a_fold_never_cuts_a_character_wherever_it_falls():
    """Characters of one to four octets, moved octet by octet over the end of the line."""
    for character in ("a", "é", "€", "🚀", "👩🏽‍🚀"):
        for before in range(75):
            title = "x" * before + character * 40
            written = written_for(title, "Grace")[0]
            (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
            assert max(len(line) for line in lines_of(written)) <= 75
            assert [line.decode() for line in lines_of(written)]
            assert str(event["SUMMARY"]) == ics.line_of(f"{title} with Grace")
