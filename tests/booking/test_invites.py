"""Invitations by mail: iTIP (RFC 5546) and the parts of the letter (RFC 6047)."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import icalendar

from booking import invites
from booking.domain.calendar import Person
from booking.domain.outcomes import Side
from marketplace.core.mail import Letter, compose
from tests.booking.bookings import ADA, SITE, appointment

SENDER = "office-hours@example.org"
TO_ADA = invites.Invited("Ada Example", "ada@example.org", Side.MENTEE)


def invitation(**given):
    return invites.request(appointment(**given), TO_ADA, sender=SENDER, site=SITE)


def only_event(written):
    (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    return event


def test_it_is_a_request_for_one_event_under_the_calendars_uid():
    written = invitation(sequence=2)

    event = only_event(written)
    assert icalendar.Calendar.from_ical(written)["METHOD"] == "REQUEST"
    assert "METHOD" not in event
    assert (event["UID"], event["SEQUENCE"]) == ("k9d2@office-hours", 2)
    assert b"VALARM" not in written


def test_the_organiser_is_our_address_with_the_mentors_name():
    event = only_event(invitation())

    assert event["ORGANIZER"] == f"mailto:{SENDER}"
    assert event["ORGANIZER"].params["CN"] == "Grace Example"


def test_the_one_attendee_is_its_recipient_and_need_not_answer():
    attendee = only_event(invitation())["ATTENDEE"]

    assert attendee == "mailto:ada@example.org"
    assert attendee.params["CN"] == "Ada Example"
    assert attendee.params["PARTSTAT"] == "NEEDS-ACTION"
    assert attendee.params["RSVP"] == "FALSE"


def test_it_says_where_to_join_and_when_in_both_local_times():
    event = only_event(invitation())

    assert event["LOCATION"] == "https://meet.example.org/grace"
    assert "Join: https://meet.example.org/grace" in event["DESCRIPTION"]
    assert "04:00–05:00 (America/New_York)" in event["DESCRIPTION"]
    assert "10:00–11:00 (Europe/Amsterdam)" in event["DESCRIPTION"]


def test_a_name_cannot_break_out_of_its_parameter():
    event = only_event(invitation(mentor=Person('Grace "G" :;,^n Example\r\nATTENDEE:x', "UTC")))

    assert event["ORGANIZER"].params["CN"] == "Grace 'G' :;,n Example ATTENDEE:x"
    assert event["ATTENDEE"] == "mailto:ada@example.org"


def test_the_download_is_no_letter():
    written = invites.download(appointment(), Side.MENTEE, site=SITE)

    assert b"METHOD" not in written
    assert b"ATTENDEE" not in written
    assert only_event(written)["UID"] == "k9d2@office-hours"


def posted(written):
    """The parts of the letter as its reader's mail program takes it apart."""
    letter = Letter("ada@example.org", "Booked", "text", "<p>html</p>", calendar=written)
    sender, sent_at = f"Office Hours <{SENDER}>", datetime(2026, 12, 1, tzinfo=UTC)
    sent = compose(letter, sender=sender, message_id="<1@example.org>", sent_at=sent_at)
    return message_from_bytes(bytes(sent), policy=policy.default)


def test_the_letter_has_the_invitation_as_its_last_alternative():
    read = posted(invitation())

    text, html, calendar = read.iter_parts()
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in (text, html)] == ["text/plain", "text/html"]
    assert calendar.get_content_type() == "text/calendar"
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST", "name": "invite.ics"}
    assert not calendar.is_attachment()


def test_the_invitation_arrives_byte_for_byte():
    written = invitation(mentee=Person("Zoë ✓", ADA.zone))

    *_, calendar = posted(written).iter_parts()

    assert calendar.get_payload(decode=True) == written
