"""Filters leave who fits, stand in the address, and can be taken back one by one."""

import re
from html import unescape

import pytest

from marketplace.offerings.models import OfferingKind
from marketplace.offerings.words import KINDS
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.search.searching import STOCKHOLM, found, make_bookable, search
from tests.web import sign_in

IGNORED = "so it was ignored."
NO_PRICE = f"This is not a price, {IGNORED}"
NO_CHOICE = f"There is no such choice, {IGNORED}"
NO_TIME = f"This is not a time of day, {IGNORED}"
GRACE, EDSGER = ["Grace Example"], ["Edsger Example"]
BOTH = GRACE + EDSGER
_CHIP = re.compile(r'class="chip" href="([^"]*)">([^<]*?) <')


@pytest.mark.parametrize(
    ("address", "names"),
    [
        pytest.param("language=nl", EDSGER, id="a language"),
        pytest.param("price=80.50&currency=EUR", GRACE, id="all that is to pay, to the cent"),
        pytest.param("price=80.49&currency=EUR", [], id="a cent less"),
        pytest.param("price=%E2%82%AC+80,50&currency=EUR", GRACE, id="with a sign and a comma"),
        pytest.param("price=100&currency=USD", EDSGER, id="another currency"),
        pytest.param("form=fit_call", GRACE, id="a form"),
        pytest.param("form=fit_call&price=1&currency=EUR", GRACE, id="free is less than anything"),
        pytest.param("form=session&price=75&currency=USD", EDSGER, id="a form at a price"),
        pytest.param(f"hours=y&{STOCKHOLM}", GRACE, id="my working day"),
        pytest.param(
            f"hours=y&opens=15:00&closes=23:00&{STOCKHOLM}", ["Grace Example", "Edsger Example"], id="my own day"
        ),
        pytest.param("within=3", GRACE, id="free soon"),
        pytest.param(f"hours=y&within=3&{STOCKHOLM}", GRACE, id="free soon in my working day"),
        pytest.param("language=en&form=session&price=500&currency=EUR&within=14&q=data", GRACE, id="all of them"),
    ],
)
def test_filters_leave_who_fits(client, session, address, names):
    grace = make_bookable(session)
    make_offering(session, grace, kind="fit_call")
    edsger = make_mentor(
        session,
        "Edsger Example",
        zone="America/Los_Angeles",
        languages=["en", "nl"],
        boundaries={"notice_minutes": 5760},
    )
    make_offering(session, edsger, price_minor=6000, currency="USD")
    session.commit()

    assert search(client, address) == names


def test_a_pair_that_has_met_often_is_found_at_its_own_price(client, session):
    ada, grace = make_user(session), make_mentor(session)
    offering = make_offering(session, grace)
    for day in range(3):
        make_booking(session, offering, ada, TUESDAY.replace(month=11, day=3 + day))
    session.commit()

    assert search(client, "price=78.40&currency=EUR") == []
    sign_in(client, ada)
    assert "€78.40" in words(client.get("/search?price=78.40&currency=EUR"))


def test_what_was_asked_for_can_be_taken_back_one_by_one(client, session):
    make_bookable(session, "Grace Example", "Python")
    session.commit()

    page = client.get(
        "/search?q=python+data&topic=Hiring&language=en&price=500&currency=EUR&within=7&zone=Asia/Tokyo&utm=x"
    )

    chips = {
        words_in: unescape(address)
        for address, words_in in re.findall(r'class="chip" href="([^"]*)">([^<]*?) <', page.text)
    }
    kept = "language=en&price=500&currency=EUR&within=7&zone=Asia/Tokyo"
    assert chips == {
        "Hiring": f"/search?q=python+data&{kept}",
        "python": f"/search?q=data&topic=Hiring&{kept}",
        "data": f"/search?q=python&topic=Hiring&{kept}",
        "English": f"/search?q=python+data&topic=Hiring&{kept.replace('language=en&', '')}",
        "up to €500.00": "/search?q=python+data&topic=Hiring&language=en&within=7&zone=Asia/Tokyo",
        "within a week": f"/search?q=python+data&topic=Hiring&{kept.replace('within=7&', '')}",
    }
    assert all(client.get(address).status_code == 200 for address in chips.values())


@pytest.mark.parametrize(
    ("address", "told"),
    [
        pytest.param("price=abc&currency=EUR", NO_PRICE, id="no price"),
        pytest.param("price=0", NO_PRICE, id="nothing"),
        pytest.param("price=-5", NO_PRICE, id="less than nothing"),
        pytest.param("price=" + "9" * 400, NO_PRICE, id="more than there is"),
        pytest.param("price=1e5", NO_PRICE, id="as a machine writes it"),
        pytest.param("price=NaN", NO_PRICE, id="no number"),
        pytest.param("price=%D9%A1%D9%A2", NO_PRICE, id="other figures"),
        pytest.param(
            "price=5&currency=XXX", "Nobody here takes that currency, so the price was ignored.", id="currency"
        ),
        pytest.param("language=xx", NO_CHOICE, id="no language"),
        pytest.param("language=%00", NO_CHOICE, id="what cannot be kept"),
        pytest.param("form=dance", NO_CHOICE, id="no form"),
        pytest.param("within=-1", NO_CHOICE, id="no days"),
        pytest.param("opens=25:99", NO_TIME, id="no time of day"),
        pytest.param("opens=17:00&closes=09:00", "A day ends after it begins", id="a day that ends first"),
    ],
)
def test_what_cannot_be_read_is_ignored_with_a_word(client, session, address, told):
    make_bookable(session)
    session.commit()

    page = client.get(f"/search?{address}")

    assert found(page) == ["Grace Example"]
    assert told in words(page)
    assert '<details class="filters" open>' in page.text


@pytest.mark.parametrize(
    "address",
    [
        "q=%00",
        "q=%F0%9F%99%82",
        "q=" + "a" * 5000,
        "q=" + "a+" * 2000,
        "q=%E2%80%AE%D8%A7",
        "q='%20OR%201=1--",
        "q=a%26b|c:*!(d)",
        "q=%25_%5C",
        "q=the+and+of",
        "topic=%00&topic=" + "x" * 3000,
        "q=x&q=y&language=en&language=de",
        "q[]=x&price[]=3&within[0]=1",
        "zone=Nowhere/At_All",
        "page=99999999999999999999",
        "page=-3",
        "page=51",
        "opens=%F0%9F%99%82&closes=%00",
        "hours=" + "y" * 2000,
    ],
)
def test_nothing_that_can_be_typed_breaks_the_page(client, session, address):
    make_bookable(session)
    session.commit()

    assert client.get(f"/search?{address}").status_code == 200


def test_every_form_of_offering_has_words_to_filter_by():
    assert set(KINDS) == set(OfferingKind)


def test_a_time_that_is_none_stands_there_as_it_was_typed(client, session):
    """In a field for times a browser would show nothing of it."""
    make_bookable(session)
    session.commit()

    page = client.get("/search?opens=25:00").text

    fields = {name: tag for tag in re.findall(r"<input\b[^>]*>", page) for name in re.findall(r'\bname="(\w+)"', tag)}
    assert 'type="text"' in fields["opens"]
    assert 'value="25:00"' in fields["opens"]
    assert 'type="time"' in fields["closes"]
