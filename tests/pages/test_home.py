"""The directory of mentors."""

import pytest

from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import sign_in


def test_a_mentor_who_can_be_booked_is_listed_with_all_that_is_to_pay(client, session):
    grace = make_mentor(session, slug="grace", languages=["English", "Dutch"])
    make_offering(session, grace, kind="fit_call")
    make_offering(session, grace, price_minor=9000)
    make_offering(session, grace, price_minor=7000, minutes=90)
    session.commit()

    page = client.get("/")

    assert 'href="/mentors/grace"' in page.text
    assert "€80.50 for 1 h 30 min, all included" in words(page)
    assert "free fit call" in words(page)
    assert "Utrecht, where it is 09:00 · English, Dutch" in words(page)


def test_a_pair_that_has_met_often_sees_its_own_price(client, session):
    ada, grace = make_user(session), make_mentor(session)
    offering = make_offering(session, grace)
    for day in range(3):
        make_booking(session, offering, ada, TUESDAY.replace(month=11, day=3 + day))
    session.commit()
    sign_in(client, ada)

    assert "€78.40" in words(client.get("/"))


@pytest.mark.parametrize(
    ("mentor", "offering"),
    [
        pytest.param({"status": "draft"}, {}, id="a draft"),
        pytest.param({"status": "submitted"}, {}, id="not approved yet"),
        pytest.param({"status": "paused"}, {}, id="paused"),
        pytest.param({"status": "suspended"}, {}, id="suspended"),
        pytest.param({}, {"active": False}, id="nothing on offer"),
    ],
)
def test_who_cannot_be_booked_is_not_listed(client, session, mentor, offering):
    make_offering(session, make_mentor(session, **mentor), **offering)
    session.commit()

    page = words(client.get("/"))

    assert "Grace Example" not in page
    assert "Nobody can be booked yet." in page


def test_pages_are_turned_until_there_are_no_more(client, session):
    for number in range(21):
        make_offering(session, make_mentor(session, f"Mentor{number:02} Example"))
    session.commit()

    first, second = words(client.get("/")), words(client.get("/?page=2"))

    assert ("Mentor00" in first, "Mentor20" in first, "Next page" in first) == (True, False, True)
    assert ("Mentor00" in second, "Mentor20" in second, "Next page" in second) == (False, True, False)
    assert "There are no more mentors here." in words(client.get("/?page=3"))


@pytest.mark.parametrize("page", ["-1", "0", "x", "9" * 40, "1e3"])
def test_a_bad_page_is_the_first(client, session, page):
    make_offering(session, make_mentor(session))
    session.commit()

    answer = client.get(f"/?page={page}")

    assert answer.status_code == 200
    assert "Grace Example" in words(answer)


def test_the_first_page_takes_as_many_queries_with_10_as_with_1000_mentors(client, session):
    ada = make_user(session)
    for number in range(10):
        make_offering(session, make_mentor(session, f"Mentor{number} Example"))
    session.commit()
    sign_in(client, ada)
    client.get("/")
    few = queries_of(client)

    many = [make_user(session, f"More{number} Example").id for number in range(990)]
    row = {"status": "approved", "headline": "", "how_i_work": "", "city": "Utrecht", "zone": "Europe/Amsterdam"}
    session.add_all(Mentor(id=user_id, slug=f"more-{user_id}", **row) for user_id in many)
    session.flush()
    sold = {"kind": "session", "title": "", "summary": "", "minutes": 60, "price_minor": 7000, "currency": "EUR"}
    session.add_all(Offering(mentor_id=user_id, **sold) for user_id in many)
    session.commit()

    assert len(few) <= 7, "\n\n".join(few)
    assert len(queries_of(client)) == len(few)


def queries_of(client):
    with count_queries() as statements:
        assert client.get("/").status_code == 200
    return statements


def test_robots_stay_out_of_checkouts(client):
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /checkout\n"
