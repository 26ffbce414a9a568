"""A series over the pages: proposed with what is in the way, mended without script, and held with one press."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from payments.services.buy import Order
from tests.factories import make_mentor, make_offering, make_programme, make_user
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.programmes import WEEK
from tests.queries import count_queries
from tests.web import inputs, sign_in

RADIO = re.compile(
    r'<input class="form-check-input" type="radio" name="(at\d+)" id="[^"]*" value="([^"]*)"( checked)?>'
)


@pytest.fixture
def mentor(session):
    found = make_mentor(session, slug="grace")
    session.commit()
    return found


@pytest.fixture
def offering(session, mentor):
    found = make_programme(session, mentor, cadence_days=7)
    session.commit()
    return found


@pytest.fixture
def ada(session):
    found = make_user(session, "Ada Example", zone="America/New_York")
    session.commit()
    return found


@pytest.fixture
def adas(client, ada, offering):
    sign_in(client, ada)
    return client


@pytest.fixture
def taken(session, till, alan, mentor, offering):
    """The third and the fifth Tuesday are Alan's."""
    hour = make_offering(session, mentor)
    session.commit()
    for number in (2, 4):
        sale = till().buy(Order(alan, mentor.id, hour.id, TEN + number * WEEK))
        session.get_one(Booking, sale.booking.id).status = BookingStatus.CONFIRMED
        session.get_one(Booking, sale.booking.id).confirmed_at = TEN - WEEK
        sale.purchase.status = "lapsed"
        session.commit()


def address(offering, start=TEN, **more):
    chosen = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/mentors/grace/series?offering={offering.id}&start={instant(start)}{chosen}"


def first_choices(html):
    """What is sent by who presses the button without choosing."""
    return {name: unescape(value) for name, value, checked in RADIO.findall(html) if checked}


def held(session):
    session.rollback()
    statement = select(Booking.starts_at).where(Booking.status == BookingStatus.HELD)
    return session.scalars(statement.order_by(Booking.starts_at)).all()


def test_the_mentors_page_leads_to_it_in_words(adas, offering):
    page = adas.get(f"/mentors/grace?offering={offering.id}&start={instant(TEN)}")

    assert "Or book all 6 now: every Tuesday at 10:00" in words(page)
    assert address(offering).replace("&", "&amp;") in page.text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(1, "every day at 10:00", id="day"),
        pytest.param(10, "every 10 days at 10:00", id="ten days"),
        pytest.param(14, "Tuesday at 10:00, every 2 weeks", id="two weeks"),
    ],
)
def test_a_cadence_is_said_as_people_say_it(adas, session, offering, days, said):
    offering.cadence_days = days
    session.commit()

    assert f"All 6 sessions, {said}" in words(adas.get(address(offering)))


def test_all_times_stand_there_on_both_clocks_and_one_press_holds_them(adas, session, offering):
    page = adas.get(address(offering))

    assert (
        "Tue 12 Jan, 04:00–05:00 (America/New_York) Grace Example Tue 12 Jan, 10:00–11:00 (Europe/Amsterdam)"
        in words(page)
    )
    assert "You pay €544.80" in words(page)
    answer = adas.post("/mentors/grace/holds", data=inputs(page.text))

    assert answer.status_code == 303
    assert held(session) == [TEN + number * WEEK for number in range(6)]
    told = words(adas.get("/mentors/grace"))
    assert "So are all 6 sessions of the series." in told


def test_what_is_in_the_way_is_named_and_taking_what_stands_beside_it_makes_a_series(adas, session, taken, offering):
    page = adas.get(address(offering))

    assert words(page).count("the mentor is not free then") == 2
    assert "Pay and book all" not in page.text
    mended = adas.get(address(offering, **first_choices(page.text)))
    adas.post("/mentors/grace/holds", data=inputs(mended.text))

    times = held(session)
    assert len(times) == 6
    assert [abs(at - (TEN + number * WEEK)) < timedelta(days=1) for number, at in enumerate(times)] == [True] * 6
    assert times[0] == TEN
    assert times[2] != TEN + 2 * WEEK


def test_a_time_that_is_lost_meanwhile_is_shown_with_others_beside_it_and_what_was_written_stays(
    adas, session, taken, offering
):
    sent = inputs(adas.get(address(offering, start=TEN + timedelta(hours=2))).text)
    later = " ".join(instant(TEN + number * WEEK) for number in range(1, 6))

    answer = adas.post(
        "/mentors/grace/holds", data={**sent, "start": instant(TEN), "later": later, "agenda": "My next step"}
    )

    assert answer.status_code == 409
    assert "Of these 6 times not all can be booked (the mentor is not free then), so none of them is." in words(answer)
    assert len(first_choices(answer.text)) == 2
    assert held(session) == []


def test_what_is_refused_keeps_its_name_if_the_first_was_chosen_on_another_day(adas, taken, offering):
    wednesday = TEN + timedelta(days=1)
    free = inputs(adas.get(address(offering, start=TEN + timedelta(hours=2), at1=instant(wednesday))).text)
    later = " ".join(instant(TEN + number * WEEK) for number in range(1, 6))

    answer = adas.post(
        f"/mentors/grace/holds?begins={instant(TEN)}", data={**free, "start": instant(wednesday), "later": later}
    )

    assert answer.status_code == 409
    assert "All 6 sessions, every Tuesday at 10:00" in words(answer)


def test_a_series_that_the_calendar_is_too_short_for_says_until_when_one_can_reach(adas, session, offering):
    offering.cadence_days = 14
    session.commit()

    page = adas.get(address(offering))

    assert "too far ahead: the mentor's calendar is open for 60 days" in words(page)
    assert "calendar is open until Sat 30 Jan 2027, so a series can reach until then." in words(page)
    assert "Pay and book all" not in page.text


def test_whoever_is_nobody_signs_in_first_and_what_is_no_programme_has_no_series(
    client, adas, session, mentor, offering
):
    hour = make_offering(session, session.get_one(Mentor, mentor.id))
    session.commit()

    assert adas.get(address(hour)).status_code == 404
    assert adas.get(f"/mentors/grace/series?offering={offering.id}&start=soon").location.startswith("/mentors/grace")


def test_the_page_takes_as_many_statements_for_many_sessions_as_for_few(adas, app, session, mentor, offering):
    few = make_programme(session, mentor, cadence_days=7, sessions=2, title="Two")
    session.commit()

    def statements(what):
        with app.app_context(), count_queries() as counted:
            assert adas.get(address(what)).status_code == 200
        return len(counted)

    assert statements(offering) == statements(few)
