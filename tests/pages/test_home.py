"""The first page: a search box, what the site is, and the mentors who come first."""

import re

import pytest

from marketplace.pages.front import CARDS
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.queries import count_queries
from tests.search.searching import found, make_bookable
from tests.web import sign_in


def test_the_search_box_comes_first_and_leads_to_the_search(client, session):
    make_bookable(session)
    session.commit()

    page = client.get("/")

    main = page.text.partition("<main")[2]
    assert main.index('<form class="search-box" role="search" method="get" action="/search">') < main.index("points")
    assert main.index('name="q"') < main.index("Mentors you can book")


def test_topics_to_begin_with_are_those_of_the_mentors_on_the_page(client, session):
    make_bookable(session, "Grace Example", "Compilers")
    session.commit()

    page = client.get("/")

    examples = dict(re.findall(r'<a class="topic" href="([^"]*)">([^<]*)</a>', page.text))
    assert examples == {"/search?topic=Data+engineering": "Data engineering", "/search?topic=Compilers": "Compilers"}
    assert all(found(client.get(address)) == ["Grace Example"] for address in examples)


def test_a_mentor_who_can_be_booked_is_there_with_all_that_is_to_pay(client, session):
    grace = make_mentor(session, slug="grace", languages=["en", "nl"])
    make_offering(session, grace, kind="fit_call")
    make_offering(session, grace, price_minor=9000)
    make_offering(session, grace, price_minor=7000, minutes=90)
    session.commit()

    page = client.get("/")

    assert 'href="/mentors/grace"' in page.text
    assert "€80.50 for 1 h 30 min, all included Free fit call" in words(page)
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
        pytest.param({"weekly": {}}, {}, id="without hours"),
        pytest.param({}, {"active": False}, id="nothing on offer"),
    ],
)
def test_who_cannot_be_booked_is_not_there(client, session, mentor, offering):
    make_offering(session, make_mentor(session, **mentor), **offering)
    session.commit()

    page = words(client.get("/"))

    assert "Grace Example" not in page
    assert "Nobody can be booked yet." in page


def test_the_first_few_are_shown_and_the_others_a_press_away(client, session):
    for number in range(CARDS + 1):
        make_bookable(session, f"Mentor{number:02} Example")
    session.commit()

    page = client.get("/")

    assert found(page) == found(client.get("/search"))[:CARDS]
    assert f"See all {CARDS + 1} mentors" in words(page)


def test_where_all_are_shown_the_press_leads_to_the_filters(client, session):
    make_bookable(session, "Grace Example")
    session.commit()

    page = words(client.get("/"))

    assert "Filter and sort" in page
    assert "See all" not in page


def test_a_mentor_more_costs_no_query_more(client, session):
    ada = make_user(session)
    make_bookable(session)
    session.commit()
    sign_in(client, ada)
    few = queries_of(client)

    for number in range(CARDS):
        make_bookable(session, f"Mentor{number} Example")
    session.commit()

    assert len(few) <= 17, "\n\n".join(few)
    assert len(queries_of(client)) == len(few)


def queries_of(client):
    with count_queries() as statements:
        assert client.get("/").status_code == 200
    return statements


def test_robots_stay_out_of_checkouts_and_of_ways_to_sign_in(client):
    closed = [line for line in client.get("/robots.txt").text.splitlines() if line.startswith("Disallow")]

    assert closed == ["Disallow: /checkout", "Disallow: /sign-in", "Disallow: /sign-up"]
