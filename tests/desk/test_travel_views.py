"""Travelling as a page, and what mentees see of it."""

from datetime import date

import pytest

from booking.domain.zones import Journey
from tests.booking.bookings import TEN, make_booking
from tests.desk.conftest import written
from tests.desk.hours_steps import HOURS, all_hidden, press
from tests.factories import make_offering, make_user
from tests.pages.reading import words
from tests.web import csrf

TRAVEL = f"{HOURS}/travel"
WEEK = {"first": "2026-12-07", "last": "2026-12-11", "zone": "America/New_York"}


def go(client, **fields):
    return press(client, "save", {**WEEK, **fields}, path=TRAVEL)


def test_a_journey_is_written_down_and_shown_on_every_page_of_hours(hers, session, grace):
    assert go(hers).status_code == 303

    journey = Journey(date(2026, 12, 7), date(2026, 12, 11), "America/New_York")
    assert written(session, grace).journeys == (journey,)
    page = words(hers.get(TRAVEL))
    assert "Your journey is saved." in page
    assert "Mon 7 Dec 2026 until Fri 11 Dec 2026 America/New_York" in page
    said = "Times in Europe/Amsterdam. From Mon 7 Dec to Fri 11 Dec in America/New_York."
    assert said in words(hers.get(HOURS))


def test_on_the_way_the_pages_go_by_the_clock_there(hers):
    go(hers, first="2026-12-01")

    assert "Times in America/New_York. At home in Europe/Amsterdam." in words(hers.get(HOURS))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        pytest.param({"first": "soon"}, "first", "Write a date such as 2026-12-24.", id="no date"),
        pytest.param({"first": "2026-11-30"}, "first", "Mon 30 Nov 2026 is past.", id="past"),
        pytest.param({"last": "2026-12-01"}, "last", "This comes before the first date.", id="backwards"),
        pytest.param({"zone": ""}, "zone", "Choose the time zone in which you will be.", id="nowhere"),
        pytest.param({"zone": "Mars/Olympus"}, "zone", "Choose the time zone in which you will be.", id="Mars"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(hers, session, grace, fields, field, said):
    answer = go(hers, **fields)

    assert answer.status_code == 422
    assert said in words(answer)
    assert f'id="{field}-error"' in answer.text
    assert fields.get("last", "2026-12-11") in answer.text
    assert written(session, grace).journeys == ()


def test_two_journeys_on_one_date_are_refused(hers):
    go(hers)

    answer = go(hers, first="2026-12-11", last="2026-12-12")

    assert answer.status_code == 422
    assert "You are on another journey on some of these dates." in words(answer)


def test_a_session_that_would_lie_outside_is_listed_first_both_ways(hers, session, grace):
    make_booking(session, make_offering(session, grace), make_user(session), TEN)
    session.commit()

    asked = go(hers)

    assert "1 booked session would lie outside" in words(asked)
    assert written(session, grace).journeys == ()
    assert hers.post(TRAVEL, data={**all_hidden(asked), "action": "save"}).status_code == 303
    assert len(written(session, grace).journeys) == 1


def test_a_journey_is_taken_back_by_a_button(hers, session, grace):
    go(hers)
    address = hers.get(TRAVEL).text.partition(f'action="{TRAVEL}/')[2].partition('"')[0]

    answer = hers.post(f"{TRAVEL}/{address}", data={"csrf_token": csrf(hers, TRAVEL)})

    assert answer.status_code == 303
    assert written(session, grace).journeys == ()


def test_a_mentee_sees_both_zones_named_and_the_mentors_clock_there(hers, grace):
    go(hers)

    page = hers.get(f"/mentors/{grace.slug}?zone=Europe/Stockholm&start=2026-12-08T14:00:00Z")

    assert "Travelling from Mon 7 Dec to Fri 11 Dec: these hours go by the clocks of America/New_York" in words(page)
    assert "09:00–10:00 (America/New_York)" in words(page)


def test_the_search_names_both_zones_while_somebody_travels_and_one_at_home(hers):
    assert "Utrecht, where it is 09:00" in words(hers.get("/search"))
    assert "travelling" not in words(hers.get("/search"))

    go(hers, first="2026-12-01")

    said = "travelling until Fri 11 Dec by the clocks of America/New_York, where it is 03:00"
    assert said in words(hers.get("/search"))
