"""The operator's list of bookings."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import sign_in

START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)


@pytest.fixture
def olga(session):
    return make_user(session, "Olga Example", is_operator=True)


@pytest.fixture
def offering(session):
    return make_offering(session, make_mentor(session))


def test_the_operator_sees_who_booked_whom_when_and_what_was_paid(client, session, olga, offering):
    ada = make_user(session)
    make_sale(session, offering, ada, START, public_id="first")
    until = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    make_sale(session, offering, ada, START + timedelta(days=1), status=BookingStatus.HELD, held_until=until)
    session.commit()
    sign_in(client, olga)

    page = words(client.get("/operator/bookings"))

    paid = "first confirmed Cancel Grace Example Ada Example 8 Dec 2026, 10:30 Europe/Amsterdam €80.50 paid"
    held = "being booked Grace Example Ada Example 9 Dec 2026, 10:30 Europe/Amsterdam €80.50 open"
    assert paid in page
    assert page.index(held) < page.index(paid)


def test_what_was_free_needed_no_payment(client, session, olga):
    fit_call = make_offering(session, make_mentor(session), kind="fit_call")
    make_sale(session, fit_call, make_user(session), START)
    session.commit()
    sign_in(client, olga)

    assert "Europe/Amsterdam free none needed" in words(client.get("/operator/bookings"))


@pytest.mark.parametrize("sought", ["wanted", "alan", "Alan.Example@example.org", "purchase{id}"])
def test_bookings_are_found_by_number_name_and_address(client, session, olga, offering, sought):
    make_sale(session, offering, make_user(session), START, public_id="other")
    alan = make_user(session, "Alan Example", email="alan.example@example.org")
    _booking, purchase = make_sale(session, offering, alan, START + timedelta(days=1), public_id="wanted")
    session.commit()
    sign_in(client, olga)

    page = words(client.get("/operator/bookings", query_string={"of": sought.format(id=purchase.public_id[8:])}))

    assert "wanted" in page
    assert "other" not in page


@pytest.mark.parametrize("sought", ["%", "nobody", "\0", "x" * 300])
def test_what_nothing_fits_shows_nothing_or_everything_and_never_fails(client, session, olga, offering, sought):
    make_sale(session, offering, make_user(session), START, public_id="first")
    session.commit()
    sign_in(client, olga)

    page = words(client.get("/operator/bookings", query_string={"of": sought}))

    assert ("No booking fits that." in page) == (sought != "\0")


@pytest.mark.parametrize("who", ["a mentee", "a mentor"])
def test_nobody_else_finds_the_list(client, session, offering, who):
    user = make_user(session) if who == "a mentee" else session.get(User, offering.mentor_id)
    session.commit()
    sign_in(client, user)

    answer = client.get("/operator/bookings")

    assert answer.status_code == 404
    assert "Bookings" not in answer.text


def test_a_page_holds_fifty_and_takes_as_many_queries_as_one_row(client, session, olga, offering):
    ada = make_user(session)
    make_sale(session, offering, ada, START, public_id="oldest")
    session.commit()
    sign_in(client, olga)
    few = queries_of(client)
    for day in range(1, 51):
        make_sale(session, offering, ada, START + timedelta(days=day))
    session.commit()

    assert len(queries_of(client)) == len(few)
    assert "oldest" not in words(client.get("/operator/bookings"))
    assert "oldest" in words(client.get("/operator/bookings?page=2"))
    assert "There are no more bookings." in words(client.get("/operator/bookings?page=3"))


def queries_of(client):
    with count_queries() as statements:
        assert client.get("/operator/bookings").status_code == 200
    return statements
