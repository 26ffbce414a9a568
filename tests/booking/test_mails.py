"""What letters about bookings say, and when there is no point in sending one any more."""

from html import unescape

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.services.cancel import cancel_booking
from booking.services.notify import tell_booked, tell_cancelled, tell_hold_ended
from marketplace.accounts.models import User
from marketplace.core.mail import WRITERS, Letter, MailRow
from marketplace.mentors.models import Mentor
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

BOTH_TIMES = [
    "Ada <Example>: Tue 8 Dec, 04:00–05:00 (America/New_York)",
    "Grace Example: Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam)",
]


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, "Ada <Example>", zone="America/New_York")


@pytest.fixture
def grace(session: Session) -> Mentor:
    return make_mentor(session)


@pytest.fixture
def booking(session: Session, ada: User, grace: Mentor) -> Booking:
    return make_booking(session, make_offering(session, grace), ada)


def written(session: Session, user_id: int) -> Letter | None:
    row = session.execute(select(MailRow).where(MailRow.user_id == user_id)).scalar_one()
    return WRITERS[row.fact](session, row)


@pytest.mark.parametrize("reader", ["ada", "grace"])
def test_both_read_when_where_and_the_lines_that_are_theirs(
    session: Session, ada: User, grace: Mentor, booking: Booking, reader: str
):
    lines = {"ada": "You pay €80.50 & get all back until Mon 7 Dec.", "grace": "You earn €70.00."}
    tell_booked(session, booking, now=TUESDAY, mentee_lines=[lines["ada"]], mentor_lines=[lines["grace"]])
    user = ada if reader == "ada" else session.get_one(User, grace.id)

    letter = written(session, user.id)

    assert letter is not None
    assert letter.to == user.email
    for text in (letter.text, unescape(letter.html)):
        for part in (*BOTH_TIMES, lines[reader], "https://meet.example.org/office-hours", booking.public_id):
            assert part in text
    assert "Ada <Example>" not in letter.html


def test_the_subject_names_the_other_and_the_readers_own_time(
    session: Session, ada: User, grace: Mentor, booking: Booking
):
    tell_booked(session, booking, now=TUESDAY)

    to_ada, to_grace = written(session, ada.id), written(session, grace.id)

    assert to_ada is not None
    assert to_grace is not None
    assert to_ada.subject == "Booked: Single session with Grace Example, Tue 8 Dec, 04:00"
    assert to_grace.subject == "Booked: Single session with Ada <Example>, Tue 8 Dec, 10:00"


def test_the_invitation_is_for_its_reader(session: Session, ada: User, booking: Booking):
    tell_booked(session, booking, now=TUESDAY)

    letter = written(session, ada.id)

    assert letter is not None
    assert letter.calendar is not None
    (event,) = icalendar.Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert event["UID"] == booking.uid
    assert event["ATTENDEE"] == f"mailto:{ada.email}"
    assert event["ORGANIZER"] == "mailto:office-hours@localhost"


def test_a_session_that_is_over_is_not_announced(session: Session, grace: Mentor, booking: Booking):
    tell_booked(session, booking, now=TUESDAY)
    booking.status, booking.completed_at = BookingStatus.COMPLETED, booking.ends_at
    session.flush()

    assert written(session, grace.id) is None


def test_a_session_that_was_cancelled_meanwhile_is_not_announced(session: Session, grace: Mentor, booking: Booking):
    tell_booked(session, booking, now=TUESDAY)
    cancel_booking(session, booking, by=Canceller.MENTEE, person_id=booking.mentee_id, reason="", now=TUESDAY)

    assert written(session, grace.id) is None


def cancel(session: Session, booking: Booking, reason: str = "", *, by: Canceller = Canceller.MENTEE) -> None:
    person = booking.mentee_id if by is Canceller.MENTEE else booking.mentor_id
    cancel_booking(session, booking, by=by, person_id=person, reason=reason, now=TUESDAY)
    tell_cancelled(session, booking, now=TUESDAY, mentee_lines=["You get €80.50 back."], mentor_lines=["You earn €0."])


@pytest.mark.parametrize("reader", ["ada", "grace"])
def test_both_read_who_cancelled_why_and_what_it_means(
    session: Session, ada: User, grace: Mentor, booking: Booking, reader: str
):
    cancel(session, booking, "I am <ill>.")
    expected = {
        "ada": ["You have cancelled this session.", "You get €80.50 back."],
        "grace": ["Ada <Example> has cancelled this session.", "You earn €0."],
    }

    letter = written(session, ada.id if reader == "ada" else grace.id)

    assert letter is not None
    for text in (letter.text, unescape(letter.html)):
        for part in (*BOTH_TIMES, "I am <ill>.", *expected[reader], booking.public_id):
            assert part in text
    assert "<ill>" not in letter.html


def test_the_letter_takes_the_session_out_of_calendars_again(session: Session, ada: User, booking: Booking):
    cancel(session, booking, "I am ill.")

    letter = written(session, ada.id)

    assert letter is not None
    assert letter.calendar is not None
    assert letter.calendar_method == "CANCEL"
    calendar = icalendar.Calendar.from_ical(letter.calendar)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == (booking.uid, 1)
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:office-hours@localhost", f"mailto:{ada.email}")
    assert event.decoded("DTSTART") == booking.starts_at
    assert "ill" not in str(letter.calendar)


def test_who_wants_no_invitations_gets_none_taken_back(session: Session, ada: User, booking: Booking):
    ada.calendar_by = "feed"
    cancel(session, booking)

    letter = written(session, ada.id)

    assert letter is not None
    assert letter.calendar is None


@pytest.mark.parametrize("status", [BookingStatus.EXPIRED, BookingStatus.RELEASED])
def test_the_mentee_reads_that_a_hold_has_ended(
    session: Session, ada: User, grace: Mentor, booking: Booking, status: BookingStatus
):
    booking.status = status
    tell_hold_ended(session, booking, now=TUESDAY)

    letter = written(session, ada.id)

    assert letter is not None
    assert letter.subject == "No longer held: Single session with Grace Example, Tue 8 Dec, 04:00"
    assert letter.calendar is None
    for text in (letter.text, unescape(letter.html)):
        assert f"/mentors/{grace.slug}" in text
        assert "nothing is booked" in text


def test_a_hold_that_was_revived_meanwhile_has_not_ended(session: Session, ada: User, booking: Booking):
    tell_hold_ended(session, booking, now=TUESDAY)

    assert written(session, ada.id) is None


@pytest.mark.parametrize(
    ("wish", "invited", "says"),
    [
        pytest.param("both", True, "you need not accept it", id="both"),
        pytest.param("mail", True, "puts the session into your calendar.", id="by mail"),
        pytest.param("feed", False, "no invitation, as you wished", id="by the feed alone"),
    ],
)
def test_the_invitation_comes_to_whoever_wants_it_and_the_letter_to_all(
    session: Session, ada: User, booking: Booking, wish: str, invited: bool, says: str
):
    ada.calendar_by = wish
    tell_booked(session, booking, now=TUESDAY)

    letter = written(session, ada.id)

    assert letter is not None
    assert (letter.calendar is not None) == invited
    for text in (letter.text, letter.html):
        assert says in text
        assert text.count("into your calendar") + text.count("calendar address") == 1
