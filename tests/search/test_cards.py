"""What a card says: the price, the languages, and the next free times in the reader's zone."""

import re
from datetime import datetime
from html import unescape

from tests.booking.bookings import make_booking
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.search.searching import STOCKHOLM, make_bookable
from tests.web import sign_in

_TIME = re.compile(r'href="(/mentors/[^"]*start=[^"]*)"><span class="visually-hidden">([^<]*)</span>([^<]*)<')


def times_on(page):
    """When, and the address of the time."""
    return {f"{day}{clock}": unescape(address) for address, day, clock in _TIME.findall(page.text)}


def test_a_card_has_the_price_the_languages_and_the_next_times_in_the_readers_zone(client, session):
    grace = make_bookable(session, slug="grace", languages=["en", "nl"])
    make_offering(session, grace, kind="fit_call")
    make_offering(session, grace, price_minor=5000, minutes=45)
    session.commit()

    page = client.get("/search?zone=America/New_York")

    assert "€57.50 for 45 minutes, all included Free fit call" in words(page)
    assert "Utrecht, where it is 09:00 · English, Dutch" in words(page)
    assert list(times_on(page)) == ["Wed 2 Dec, 03:15", "Wed 2 Dec, 04:15", "Wed 2 Dec, 05:15"]


def test_a_time_on_a_card_leads_to_the_page_where_it_is_chosen(client, session):
    make_bookable(session)
    session.commit()
    times = times_on(client.get("/search?zone=America/New_York"))

    page = client.get(times["Wed 2 Dec, 04:15"])

    assert "Your time Wed 2 Dec, 04:15–05:15 (America/New_York)" in words(page)


def test_addresses_on_a_card_carry_a_zone_only_if_one_was_asked_for(client, session):
    make_bookable(session, slug="grace")
    session.commit()

    pages = [client.get(f"/search{asked}").text for asked in ("", "?zone=Asia/Tokyo")]

    assert 'href="/mentors/grace"' in pages[0]
    assert "zone=" not in "".join(re.findall('href="(/mentors/[^"]*)"', pages[0]))
    assert 'href="/mentors/grace?zone=Asia/Tokyo"' in pages[1]


def test_times_are_those_of_the_form_and_within_the_hours_that_were_asked_for(client, session):
    mentor = make_bookable(session, zone="America/New_York", boundaries={"step_minutes": 20})
    make_offering(session, mentor, kind="fit_call")
    session.commit()

    page = client.get(f"/search?form=fit_call&hours=y&closes=15:50&{STOCKHOLM}")

    assert list(times_on(page)) == ["Wed 2 Dec, 15:00", "Wed 2 Dec, 15:20", "Thu 3 Dec, 15:00"]


def test_a_time_at_which_the_reader_is_busy_is_none(client, session):
    ada = make_user(session)
    make_bookable(session)
    other = make_offering(session, make_mentor(session, "Edsger Example"))
    make_booking(session, other, ada, datetime.fromisoformat("2026-12-02T09:30+01:00"))
    session.commit()
    visitors = times_on(client.get(f"/search?q=grace&{STOCKHOLM}"))
    sign_in(client, ada)

    adas = times_on(client.get(f"/search?q=grace&{STOCKHOLM}"))

    assert next(iter(visitors)) == "Wed 2 Dec, 09:15"
    assert next(iter(adas)) == "Wed 2 Dec, 10:30"


def test_a_mentor_whose_first_offer_fits_nowhere_is_shown_with_the_one_that_does(client, session):
    mentor = make_mentor(session, boundaries={"minutes_a_day": 60})
    make_offering(session, mentor, minutes=90, position=0)
    short = make_offering(session, mentor, minutes=60, position=1)
    session.commit()

    times = times_on(client.get("/search"))

    assert len(times) == 3
    assert all(f"offering={short.id}" in address for address in times.values())
