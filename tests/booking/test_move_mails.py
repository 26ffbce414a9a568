"""What the letters about a moved session say, and which of several are still worth sending."""

from datetime import timedelta
from html import unescape

import icalendar
import pytest
from sqlalchemy import select

from booking.domain.boundaries import Envelope
from booking.domain.proposals import ProposalStatus
from booking.domain.states import Canceller
from booking.services.cancel import cancel_booking
from booking.services.move import NewTime, move_booking
from booking.services.notify import tell_moved, tell_proposed, tell_withdrawn
from booking.services.proposal_ends import close, lapse
from booking.services.propose import propose
from marketplace.accounts.models import User
from marketplace.core.mail import WRITERS, MailRow
from tests.booking.bookings import HOUR, TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

NOON, NEXT_DAY = TEN + 2 * HOUR, TEN + timedelta(days=1)
LINE = "Free to cancel or move until Mon 7 Dec."


@pytest.fixture
def ada(session):
    return make_user(session, "Ada <Example>", zone="America/New_York")


@pytest.fixture
def booking(session, ada):
    return make_booking(session, make_offering(session, make_mentor(session)), ada)


def move(session, booking, start=NOON, reason="My <train> is late."):
    wanted = NewTime(start, booking.mentee_id, reason, booking.sequence)
    made = move_booking(
        session, booking, wanted, now=TUESDAY, envelope=Envelope(), site_meeting_url="https://a.example"
    )
    tell_moved(session, booking, made, now=TUESDAY, mentee_lines=[LINE])


def letters(session, user_id):
    """Of this reader, by the SEQUENCE they are about; None for what is not worth sending any more."""
    rows = session.scalars(select(MailRow).where(MailRow.user_id == user_id).order_by(MailRow.sequence, MailRow.id))
    return [WRITERS[row.fact](session, row) for row in rows]


@pytest.mark.parametrize("reader", ["ada", "grace"])
def test_both_read_the_new_time_and_the_old_one_who_moved_it_and_why(session, ada, booking, reader):
    move(session, booking)
    user = ada if reader == "ada" else session.get_one(User, booking.mentor_id)

    [letter] = letters(session, user.id)

    who = {"ada": "You have moved this session.", "grace": "Ada <Example> has moved this session."}[reader]
    new = [
        "Ada <Example>: Tue 8 Dec, 06:00–07:00 (America/New_York)",
        "Grace Example: Tue 8 Dec, 12:00–13:00 (Europe/Amsterdam)",
    ]
    old = [
        "Ada <Example>: Tue 8 Dec, 04:00–05:00 (America/New_York)",
        "Grace Example: Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam)",
    ]
    assert letter.to == user.email
    for text in (letter.text, unescape(letter.html)):
        for part in (*new, *old, who, "My <train> is late.", booking.public_id):
            assert part in text
        assert text.index(new[0]) < text.index("No longer at this time") < text.index(old[0])
        assert (LINE in text, f"{booking.public_id}/move" in text) == (reader == "ada", reader == "ada")
    assert "<train>" not in letter.html
    assert "Ada <Example>" not in letter.html


def test_the_subject_names_the_new_time_on_the_readers_own_clock(session, ada, booking):
    move(session, booking)

    [to_ada], [to_grace] = letters(session, ada.id), letters(session, booking.mentor_id)

    assert to_ada.subject == "Moved: Single session with Grace Example, Tue 8 Dec, 06:00"
    assert to_grace.subject == "Moved: Single session with Ada <Example>, Tue 8 Dec, 12:00"


def test_the_invitation_moves_the_session_in_calendars(session, ada, booking):
    move(session, booking)

    [letter] = letters(session, ada.id)

    calendar = icalendar.Calendar.from_ical(letter.calendar)
    [event] = calendar.walk("VEVENT")
    assert (letter.calendar_method, calendar["METHOD"], event["STATUS"]) == ("REQUEST", "REQUEST", "CONFIRMED")
    assert (event["UID"], event["SEQUENCE"]) == (booking.uid, 1)
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:office-hours@localhost", f"mailto:{ada.email}")
    assert event.decoded("DTSTART") == NOON
    assert "train" not in str(letter.calendar)


def test_who_wants_no_invitations_gets_none(session, ada, booking):
    ada.calendar_by = "feed"
    move(session, booking)

    [letter] = letters(session, ada.id)

    assert letter.calendar is None
    assert "no invitation, as you wished" in letter.text


def test_of_two_moves_the_last_one_is_told_with_the_time_that_the_reader_knows(session, booking):
    """The mentor has been asleep meanwhile, and never heard of the time in between."""
    move(session, booking)
    move(session, booking, NEXT_DAY)

    first, last = letters(session, booking.mentor_id)

    assert first is None
    assert "Wed 9 Dec, 10:00–11:00 (Europe/Amsterdam)" in last.text
    assert "Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam)" in last.text
    assert "12:00" not in last.text


def test_who_has_read_of_the_first_move_is_told_of_the_second_from_there(session, booking):
    move(session, booking)
    for row in session.scalars(select(MailRow)):
        row.status = "sent"
    move(session, booking, NEXT_DAY)

    *_, last = letters(session, booking.mentor_id)

    assert "Tue 8 Dec, 12:00–13:00 (Europe/Amsterdam)" in last.text
    assert "10:00–11:00 (Europe/Amsterdam)" in last.text
    assert "Tue 8 Dec, 10:00" not in last.text


def test_a_session_that_was_cancelled_meanwhile_is_not_told_of_as_moved(session, ada, booking):
    move(session, booking)
    cancel_booking(session, booking, by=Canceller.MENTOR, person_id=booking.mentor_id, reason="", now=TUESDAY)

    assert letters(session, ada.id) == [None]


def wish(session, booking):
    wanted = NewTime(NOON, booking.mentor_id, "I am at the <dentist>.", booking.sequence)
    made = propose(session, booking, wanted, now=TUESDAY, envelope=Envelope())
    tell_proposed(session, booking, made, now=TUESDAY)
    return made


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        pytest.param("ada", "If you do nothing, the session stays at the old time.", id="the mentee"),
        pytest.param("grace", "Without an answer the session stays at the old time.", id="the mentor"),
    ],
)
def test_a_proposal_says_both_times_until_when_to_answer_and_what_silence_means(session, ada, booking, reader, says):
    wish(session, booking)
    user = ada if reader == "ada" else session.get_one(User, booking.mentor_id)

    [letter] = letters(session, user.id)

    until = {"ada": "Thu 3 Dec, 03:00 (America/New_York)", "grace": "Thu 3 Dec, 09:00 (Europe/Amsterdam)"}[reader]
    assert "another time" in letter.subject
    assert letter.calendar is None
    for text in (letter.text, unescape(letter.html)):
        for part in (
            "Grace Example: Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam)",
            "Ada <Example>: Tue 8 Dec, 06:00–07:00 (America/New_York)",
            f"until {until}",
            says,
            "I am at the <dentist>.",
            f"{booking.public_id}/proposal",
        ):
            assert part in text
    assert "<dentist>" not in letter.html


def test_what_was_answered_before_its_letter_went_out_is_not_told_of_any_more(session, ada, booking):
    close(session, wish(session, booking), ProposalStatus.ACCEPTED, now=TUESDAY)

    assert letters(session, ada.id) == [None]


@pytest.mark.parametrize(
    ("reader", "end", "says"),
    [
        pytest.param("ada", "withdraw", "Grace Example has taken back the wish for another time.", id="taken back"),
        pytest.param("ada", "lapse", "You have not answered the wish for another time", id="over, to the mentee"),
        pytest.param("grace", "lapse", "Ada <Example> has not answered your wish", id="over, to the mentor"),
    ],
)
def test_its_end_says_that_the_session_stays(session, ada, booking, reader, end, says):
    made = wish(session, booking)
    if end == "lapse":
        lapse(session, made, now=TUESDAY)
    else:
        close(session, made, ProposalStatus.WITHDRAWN, now=TUESDAY)
        tell_withdrawn(session, booking, made, now=TUESDAY)

    *_, letter = letters(session, ada.id if reader == "ada" else booking.mentor_id)

    assert letter.subject.startswith("It stays as it is: Single session with")
    for text in (letter.text, unescape(letter.html)):
        assert says in text
        assert "Grace Example: Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam)" in text
