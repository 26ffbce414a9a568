"""What people see of their own sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import queries_of
from tests.web import sign_in

S = BookingStatus
NEXT_TUESDAY = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)


@pytest.fixture
def ada(session):
    return make_user(session, zone="America/St_Johns")


@pytest.fixture
def sale(session, offering, ada):
    made = make_sale(session, offering, ada, NEXT_TUESDAY, public_id="adas")
    session.commit()
    return made


def test_a_mentee_sees_what_is_held_ahead_and_past(client, session, offering, ada, sale):
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, NEXT_TUESDAY + timedelta(days=1), status=S.HELD, held_until=until)
    make_sale(session, offering, ada, NEXT_TUESDAY - timedelta(days=21), status=S.CONFIRMED, public_id="over")
    make_sale(session, offering, ada, NEXT_TUESDAY - timedelta(days=28), status=S.CANCELLED_BY_MENTEE)
    make_sale(session, offering, ada, NEXT_TUESDAY - timedelta(days=14), status=S.EXPIRED)
    session.commit()
    sign_in(client, ada)

    page = words(client.get("/sessions"))

    assert "Wed 9 Dec, 06:00 with Grace Example is held for you until 04:59 while you pay." in page
    ahead, past = page.split("Past ")
    assert "Tue 8 Dec, 06:00 Single session with Grace Example 1 hour · 10:30 for Grace Example confirmed" in ahead
    assert "17 Nov 2026, 06:00 Single session with Grace Example 1 hour over" in past
    assert "10 Nov 2026, 06:00 Single session with Grace Example 1 hour cancelled" in past
    assert "24 Nov" not in page


def test_who_has_booked_nothing_is_shown_the_way(client, session, ada):
    session.commit()
    sign_in(client, ada)

    page = words(client.get("/sessions"))

    assert "No session is booked. Find a mentor" in page
    assert "Past" not in page


def test_the_list_takes_as_many_queries_for_many_sessions_as_for_one(client, session, offering, ada, sale):
    sign_in(client, ada)
    few = queries_of(client, "/sessions")
    for day in range(2, 30):
        make_sale(session, offering, ada, NEXT_TUESDAY + timedelta(days=day))
        make_sale(session, offering, ada, NEXT_TUESDAY - timedelta(days=day + 10), status=S.COMPLETED)
    session.commit()

    assert len(queries_of(client, "/sessions")) == len(few)


def test_a_mentee_sees_the_session_with_both_times_the_price_and_the_way_in(client, ada, sale):
    sign_in(client, ada)

    answer = client.get("/sessions/adas")

    page = words(answer)
    assert "confirmed Single session with Grace Example" in page
    assert "Your time Tue 8 Dec, 06:00–07:00 (America/St_Johns)" in page
    assert "Grace Example Tue 8 Dec, 10:30–11:30 (Europe/Amsterdam)" in page
    assert "Grace Example’s price €70.00 Office Hours fee €10.50 You paid €80.50" in page
    assert "Free to cancel or move until Mon 7 Dec, 06:00; half back after that." in page
    assert 'href="https://meet.example.org/office-hours"' in answer.text
    assert 'href="/sessions/adas.ics"' in answer.text


def test_the_mentor_sees_what_they_earn_and_not_what_was_paid(client, session, grace, sale):
    sign_in(client, session.get(User, grace.id))

    page = words(client.get("/sessions/adas"))

    assert "Single session with Ada Example" in page
    assert "Ada Example Tue 8 Dec, 06:00–07:00 (America/St_Johns)" in page
    assert "€70.00 once the session has taken place." in page
    assert "€80.50" not in page


def test_the_mentors_own_address_is_the_way_in(client, session, grace, ada, sale):
    grace.meeting_url = "https://meet.example.org/grace"
    session.commit()
    sign_in(client, ada)

    assert 'href="https://meet.example.org/grace"' in client.get("/sessions/adas").text


@pytest.mark.parametrize("who", ["another mentee", "another mentor", "the operator"])
def test_a_session_is_nobody_elses(client, session, sale, who):
    other = make_user(session, "Alan Example", is_operator=who == "the operator")
    if who == "another mentor":
        other = session.get(User, make_mentor(session, "Edsger Example").id)
    session.commit()
    sign_in(client, other)

    assert client.get("/sessions/adas").status_code == 404
    assert client.get("/sessions/unknown").status_code == 404


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (S.HELD, "The time is held while it is being paid for. It is yours until 04:59."),
        (S.AWAITING_PAYMENT, "The payment is on its way; the time is kept."),
        (S.EXPIRED, "It was not paid for in time, so the time is free again."),
        (S.CANCELLED_BY_MENTOR, "Grace Example has cancelled this session."),
    ],
)
def test_a_session_that_is_not_confirmed_says_so_and_shows_no_way_in(client, session, offering, ada, status, sentence):
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, NEXT_TUESDAY, status=status, held_until=until, public_id="adas")
    session.commit()
    sign_in(client, ada)

    page = client.get("/sessions/adas")

    assert sentence in words(page)
    assert "meet.example.org" not in page.text
    assert ".ics" not in page.text


def test_after_its_end_the_way_in_is_gone(client, clock, ada, sale):
    clock.set(NEXT_TUESDAY + timedelta(hours=1))
    sign_in(client, ada)

    page = client.get("/sessions/adas")

    assert "This session is over." in words(page)
    assert "meet.example.org" not in page.text


def test_a_mentors_week_lists_the_sessions_of_each_day(client, session, grace, offering, ada, sale):
    make_sale(session, offering, ada, NEXT_TUESDAY + timedelta(days=1), status=S.CANCELLED_BY_MENTEE)
    session.commit()
    sign_in(client, session.get(User, grace.id))

    page = words(client.get("/week?week=2026-W50"))

    assert "Mon 7 Dec – Sun 13 Dec 1 session, 1 hour in all." in page
    assert "Tuesday 8 December 10:30–11:30 Ada Example Single session · Tue 8 Dec, 06:00 in St Johns confirmed" in page
    assert "Wednesday 9 December 10:30–11:30 Ada Example" in page
    assert "Thursday 10 December Nothing booked." in page


def test_this_week_comes_first_and_says_which_day_it_is(client, session, grace):
    session.commit()
    sign_in(client, session.get(User, grace.id))

    page = words(client.get("/week?week=nonsense"))

    assert "Week 49 of 2026 · times in Europe/Amsterdam" in page
    assert "Tuesday 1 December today" in page
    assert "No sessions this week." in page


def test_the_last_week_of_a_year_leads_to_the_first(client, session, grace):
    session.commit()
    sign_in(client, session.get(User, grace.id))

    page = client.get("/week?week=2026-W53")

    assert "Mon 28 Dec – Sun 3 Jan" in words(page)
    assert 'href="/week?week=2027-W01"' in page.text
    assert 'href="/week?week=2026-W52"' in page.text


def test_a_week_is_for_mentors(client, session, ada):
    session.commit()
    sign_in(client, ada)

    assert client.get("/week").status_code == 404


@pytest.mark.parametrize("path", ["/sessions", "/sessions/adas", "/week", "/operator/bookings"])
def test_a_visitor_signs_in_first(client, sale, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
