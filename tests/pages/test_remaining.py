"""What is left of a programme, booked over the pages with one press: proposed, mended, and refused whole."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from payments.models.sales import PurchaseSession
from tests.booking.bookings import make_booking
from tests.factories import make_offering, make_programme, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import inputs, sign_in

WEEK = timedelta(days=7)
LEFT = [TEN + number * WEEK for number in range(1, 6)]
RADIO = re.compile(
    r'<input class="form-check-input" type="radio" name="(at\d+)" id="[^"]*" value="([^"]*)"( checked)?>'
)
LINK = re.compile(r'href="(/purchases/[^"]*/series[^"]*)"')


@pytest.fixture
def offering(session, grace):
    return make_programme(session, grace, cadence_days=7)


@pytest.fixture
def third_taken(session, grace, sold):
    """The second Tuesday of those that are left."""
    alan = make_user(session, "Alan Example")
    make_booking(session, make_offering(session, grace), alan, LEFT[1], status=BookingStatus.CONFIRMED)
    session.commit()


def series(url, start=LEFT[0], sessions=5, **chosen):
    more = "".join(f"&{name}={value}" for name, value in chosen.items())
    return f"{url}/series?start={instant(start)}&sessions={sessions}{more}"


def link_of(page):
    return unescape(LINK.findall(page.text)[0])


def booked(session):
    session.rollback()
    used = select(Booking.starts_at).join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
    return session.scalars(used.order_by(Booking.starts_at)).all()


def test_the_programmes_page_leads_to_what_is_left_in_its_cadence_on_both_clocks(adas, url):
    page = adas.get(url)

    told = words(page)
    assert "Or book all 5 that are left: every Tuesday at 10:00" in told
    assert (
        "By Grace Example’s clock, from Tue 15 Dec, 10:00 (Europe/Amsterdam) on, "
        "which is Tue 15 Dec, 04:00 (America/New_York) for you." in told
    )
    assert link_of(page) == series(url)


def test_one_press_books_all_that_is_left(adas, session, url):
    page = adas.get(link_of(adas.get(url)))

    told = words(page)
    assert "All 5 sessions that are left, every Tuesday at 10:00" in told
    assert "It is paid for: nothing is charged now." in told
    assert "Tue 12 Jan, 04:00–05:00 (America/New_York) Grace Example Tue 12 Jan, 10:00–11:00 (Europe/Amsterdam)" in told
    answer = adas.post(f"{url}/series", data=inputs(page.text), follow_redirects=True)

    assert "All 5 are booked. The confirmation is in your mail too." in words(answer)
    assert "All 6 sessions are booked." in words(answer)
    assert booked(session) == [TEN, *LEFT]


def test_a_page_that_is_pressed_twice_books_once(adas, session, url):
    page = adas.get(series(url))

    first, second = (adas.post(f"{url}/series", data=inputs(page.text)) for _ in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, url)
    assert booked(session) == [TEN, *LEFT]


def test_what_is_in_the_way_is_named_and_what_stands_beside_it_makes_a_series(adas, session, third_taken, url):
    page = adas.get(series(url))

    assert "Tue 22 Dec, 04:00: the mentor is not free then" in words(page)
    assert "Book all 5" not in page.text
    chosen = {name: unescape(value) for name, value, checked in RADIO.findall(page.text) if checked}
    mended = adas.get(series(url, **chosen))
    adas.post(f"{url}/series", data=inputs(mended.text))

    times = booked(session)
    assert len(times) == 6
    assert times[2] != LEFT[1]
    assert abs(times[2] - LEFT[1]) < timedelta(days=1)


def test_a_time_that_is_lost_meanwhile_refuses_all_and_keeps_what_was_chosen_and_written(
    adas, session, third_taken, url
):
    other = LEFT[3] + timedelta(hours=3)
    sent = inputs(adas.get(series(url, at2=instant(LEFT[1] + timedelta(hours=2)), at4=instant(other))).text)
    lost = sent["times"].replace(instant(LEFT[1] + timedelta(hours=2)), instant(LEFT[1]))

    answer = adas.post(f"{url}/series", data={**sent, "times": lost, "agenda": "My next step"})

    assert answer.status_code == 409
    told = words(answer)
    assert "Of these 5 times not all can be booked (the mentor is not free then), so none of them is." in told
    assert "My next step" in answer.text
    assert inputs(answer.text)["at4"] == instant(other)
    assert {name for name, _, _ in RADIO.findall(answer.text)} == {"at2"}
    assert booked(session) == [TEN]


def test_as_many_are_proposed_as_the_mentors_calendar_is_open_for(adas, session, ada, grace):
    fortnightly = make_programme(session, grace, title="Every other week")
    _booking, purchase = make_sale(session, fortnightly, ada, TEN + timedelta(hours=3))
    session.commit()

    page = adas.get(f"/purchases/{purchase.public_id}")
    asked = adas.get(link_of(page))

    assert "Or book 3 of the 5 that are left: Tuesday at 13:00, every 2 weeks" in words(page)
    assert "3 of the 5 sessions that are left, Tuesday at 13:00, every 2 weeks" in words(asked)
    assert "calendar is open until Sat 30 Jan 2027, so a series can reach until then." in words(asked)
    adas.post(f"/purchases/{purchase.public_id}/series", data=inputs(asked.text))
    assert "2 of 6 sessions are still to be booked." in words(adas.get(f"/purchases/{purchase.public_id}"))


def test_it_stays_at_ten_on_the_mentors_clock_when_either_clock_changes(client, session, ada, clock, url):
    """New York goes forward on 14 March, Amsterdam on the 28th."""
    clock.set(datetime(2027, 3, 1, 8, 0, tzinfo=UTC))
    sign_in(client, ada)

    page = client.get(link_of(client.get(url)))

    told = re.findall(r"(\w+ \d+ \w+), (\d\d:\d\d)–\d\d:\d\d \(([\w/]+)\)", words(page))
    assert [(day, at) for day, at, zone in told if zone == "Europe/Amsterdam"] == [
        ("Tue 2 Mar", "10:00"),
        ("Tue 9 Mar", "10:00"),
        ("Tue 16 Mar", "10:00"),
        ("Tue 23 Mar", "10:00"),
        ("Tue 30 Mar", "10:00"),
    ]
    assert [at for _, at, zone in told if zone == "America/New_York"] == ["04:00", "04:00", "05:00", "05:00", "04:00"]
    client.post(f"{url}/series", data=inputs(page.text))
    assert [at.hour for at in booked(session)[1:]] == [9, 9, 9, 9, 8]


def test_where_a_time_is_chosen_a_series_can_begin_with_it(adas, url):
    page = adas.get(f"{url}/book?start={instant(LEFT[0] + timedelta(days=1))}")

    assert "Or book all 5 that are left: every Wednesday at 10:00" in words(page)
    assert parse_qs(urlsplit(link_of(page)).query)["start"] == [instant(LEFT[0] + timedelta(days=1))]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="no time"),
        pytest.param("?start=soon", id="no time that is one"),
        pytest.param("?start=2026-12-15T09:00Z&sessions=1", id="one is no series"),
    ],
)
def test_without_a_series_a_time_is_chosen_first(adas, url, query):
    assert adas.get(f"{url}/series{query}").location == f"{url}/book"


def test_more_than_is_left_is_what_is_left(adas, url):
    assert "All 5 sessions that are left" in words(adas.get(series(url, sessions=10**17)))


def test_of_a_mentor_who_takes_no_bookings_no_series_is_offered(adas, session, grace, url):
    grace.status = "paused"
    session.commit()

    assert LINK.search(adas.get(url).text) is None


def test_its_mentor_is_offered_none_and_books_none(client, session, grace, url):
    sign_in(client, session.get_one(User, grace.id))

    assert LINK.search(client.get(url).text) is None
    assert client.get(series(url)).status_code == 403


def test_what_is_booked_or_ended_meanwhile_leads_back_to_the_programme(adas, session, url):
    sent = inputs(adas.get(series(url)).text)
    adas.post(f"{url}/book", data=inputs(adas.get(f"{url}/book?start={instant(LEFT[0])}").text))

    answer = adas.post(f"{url}/series", data=sent, follow_redirects=True)

    assert "Please look at what is left." in words(answer)
    assert booked(session) == [TEN, LEFT[0]]
    adas.post(f"{url}/end", data=inputs(adas.get(f"{url}/end").text))
    assert "Nothing of this programme is left to be booked." in words(
        adas.post(f"{url}/series", data={**sent, "times": sent["times"].split(" ", 1)[1]}, follow_redirects=True)
    )


def test_the_page_takes_as_many_statements_for_many_sessions_as_for_few(adas, app, url):
    def statements(sessions):
        with app.app_context(), count_queries() as counted:
            assert adas.get(series(url, sessions=sessions)).status_code == 200
        return len(counted)

    assert statements(5) == statements(2)
