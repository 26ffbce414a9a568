"""What stands around a session: its agenda, copies for web calendars, and the receipt."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from tests.conftest import TUESDAY
from tests.factories import make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.web import inputs, sign_in, sign_out, submit

S = BookingStatus
NEXT_TUESDAY = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
PAGE = "/sessions/adas"
AGENDA = f"{PAGE}/agenda"


@pytest.fixture
def ada(session):
    return make_user(session, zone="America/St_Johns")


@pytest.fixture
def sale(session, offering, ada):
    made = make_sale(session, offering, ada, NEXT_TUESDAY, public_id="adas")
    session.commit()
    return made


def agenda(session):
    session.rollback()
    return session.query(Booking).populate_existing().one().agenda


def test_the_mentee_writes_the_mentor_reads(client, session, offering, ada, sale):
    sign_in(client, ada)
    answer = submit(client, AGENDA, page=PAGE, agenda="First <b>this</b>.\r\n\r\nThen that.  ")

    sign_out(client)
    sign_in(client, session.get_one(User, offering.mentor_id))
    page = client.get(PAGE)

    assert answer.status_code == 303
    assert agenda(session) == "First <b>this</b>.\n\nThen that."
    assert "First &lt;b&gt;this&lt;/b&gt;.\n\nThen that." in page.text
    assert 'name="agenda"' not in page.text


def test_an_agenda_changes_nothing_that_a_calendar_shows(client, session, ada, sale):
    before = session.execute(text("SELECT calendar_revision, calendar_changed_at FROM users ORDER BY id")).all()
    sign_in(client, ada)

    submit(client, AGENDA, page=PAGE, agenda="My next role")

    session.rollback()
    assert session.execute(text("SELECT calendar_revision, calendar_changed_at FROM users ORDER BY id")).all() == before


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param("x" * 2001, "Use at most 2000 characters; these are 2001.", id="too long"),
        pytest.param("turn\u202e round", "There were characters that cannot be shown.", id="bidirectional"),
        pytest.param("a\x00b", "There were characters that cannot be shown.", id="control"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_it_with_what_was_typed(client, session, ada, sale, typed, says):
    sign_in(client, ada)

    answer = submit(client, AGENDA, page=PAGE, agenda=typed)

    assert answer.status_code == 422
    assert says in words(answer)
    assert typed.replace("\u202e", "").replace("\x00", "") in answer.text
    assert agenda(session) is None


def test_nobody_else_writes_it(client, session, offering, sale):
    mentor, other = session.get_one(User, offering.mentor_id), make_user(session, "Alan Example")
    session.commit()
    sign_in(client, mentor)
    mentors = submit(client, AGENDA, page="/account", agenda="mine").status_code
    sign_out(client)
    sign_in(client, other)
    others = submit(client, AGENDA, page="/account", agenda="mine").status_code

    assert (mentors, others) == (403, 404)
    assert agenda(session) is None


@pytest.mark.parametrize("status", [S.CANCELLED_BY_MENTEE, S.EXPIRED])
def test_of_what_does_not_take_place_nothing_is_written(client, session, offering, ada, status):
    make_sale(session, offering, ada, NEXT_TUESDAY, status=status, public_id="adas")
    session.commit()
    sign_in(client, ada)

    assert submit(client, AGENDA, page="/account", agenda="too late").status_code == 422


def test_after_the_end_it_stays_as_it_was(client, session, ada, sale, clock):
    sign_in(client, ada)
    submit(client, AGENDA, page=PAGE, agenda="My next role")
    clock.advance(timedelta(days=8))

    late = submit(client, AGENDA, page="/account", agenda="something else")

    assert late.status_code == 422
    assert "over" in words(late)
    assert agenda(session) == "My next role"


def test_copies_for_web_calendars_lead_to_the_page_and_not_to_the_meeting(client, session, ada, sale):
    sign_in(client, ada)

    page = client.get(PAGE).text

    [google] = [part.split('"')[0] for part in page.split('href="') if part.startswith("https://calendar.google")]
    told = parse_qs(urlsplit(google.replace("&amp;", "&")).query)
    assert told["dates"] == ["20261208T093000Z/20261208T103000Z"]
    assert told["location"][0].endswith(PAGE)
    assert "meet" not in google


def test_the_receipt_says_who_paid_what_for_what(client, session, ada, sale):
    sign_in(client, ada)
    assert f"{PAGE}/receipt" in client.get(PAGE).text

    page = words(client.get(f"{PAGE}/receipt"))

    assert f"Number {sale[1].public_id}" in page
    assert f"{ada.name}, {ada.email}" in page
    assert "Grace Example’s price €70.00 Office Hours fee €10.50 Paid by way of Stripe €80.50" in page


def test_without_a_payment_there_is_no_receipt(client, session, offering, ada):
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, NEXT_TUESDAY, status=S.HELD, held_until=until, public_id="adas")
    session.commit()
    sign_in(client, ada)

    assert client.get(f"{PAGE}/receipt").status_code == 404


def test_the_mentor_has_no_receipt(client, session, offering, sale):
    sign_in(client, session.get_one(User, offering.mentor_id))

    assert client.get(f"{PAGE}/receipt").status_code == 404
    assert "receipt" not in client.get(PAGE).text


def test_the_field_is_asked_for_before_booking(client, session, offering, ada):
    session.commit()
    sign_in(client, ada)

    page = client.get(f"/mentors/grace?offering={offering.id}&start=2026-12-08T09:00Z").text

    assert 'name="agenda"' in page
    assert "agenda" not in inputs(page), "a textarea, not an input"


def test_the_next_session_stands_first_with_what_is_open_about_it(client, session, offering, ada, sale):
    make_sale(session, offering, ada, NEXT_TUESDAY + timedelta(days=1), public_id="later")
    session.commit()
    sign_in(client, ada)
    before = words(client.get("/sessions"))

    submit(client, AGENDA, page=PAGE, agenda="My next role")

    after = words(client.get("/sessions"))
    assert "Next: Single session with Grace Example Your time Tue 8 Dec, 06:00" in before
    assert "Still open: what do you want to talk about?" in before
    assert "Write the agenda" in before
    assert "Still open" not in after


def test_a_held_time_is_not_the_next_session(client, session, offering, ada):
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, NEXT_TUESDAY, status=S.HELD, held_until=until, public_id="adas")
    session.commit()
    sign_in(client, ada)

    assert "Next:" not in words(client.get("/sessions"))
