"""Who is hidden, and what is said when nobody is found."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range

from booking.models.days import TimeOff
from marketplace.app import create_app
from marketplace.core.db import db
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_offering, make_user
from tests.pages.reading import words
from tests.search.searching import STOCKHOLM, found, make_bookable, search

HEADLINE = "Helps engineers grow from senior to staff."


def rest(session, mentor, until):
    """Time off from before today to the beginning of that day."""
    session.add(TimeOff(mentor_id=mentor.id, span=Range(datetime(2026, 11, 1), until)))  # noqa: DTZ001  wall time


def test_who_is_full_or_on_a_break_is_not_listed_and_found_by_name(client, session):
    rest(session, make_bookable(session, "Full Example"), datetime(2029, 12, 1))  # noqa: DTZ001  wall time
    make_bookable(session, "Resting Example", status="paused", free_again_on=date(2027, 1, 11))
    make_bookable(session, "Break Example", status="paused")
    make_bookable(session, "Draft Example", status="draft")
    session.commit()

    assert search(client) == []
    assert f"Full Example {HEADLINE} free again after 5 Jan 2028" in words(client.get("/search?q=full"))
    assert f"Resting Example {HEADLINE} free again from Mon 11 Jan" in words(client.get("/search?q=resting"))
    assert f"Break Example {HEADLINE} taking a break" in words(client.get("/search?q=break"))
    assert "Draft Example" not in words(client.get("/search?q=draft"))


def test_who_fits_and_is_not_free_is_told_of_with_the_first_day_on_which_they_are(client, session):
    make_bookable(session, "Grace Example", "Compilers")
    rest(session, make_bookable(session, "Far Example", "Compilers"), datetime(2027, 3, 14))  # noqa: DTZ001  wall time
    full = make_bookable(session, "Full Example", "Compilers", boundaries={"sessions_a_week": 1, "horizon_days": 4})
    make_booking(session, make_offering(session, full), make_user(session), TUESDAY + timedelta(days=1, hours=1))
    make_bookable(session, "Resting Example", "Compilers", status="paused", free_again_on=date(2027, 1, 9))
    make_bookable(session, "Break Example", "Compilers", status="paused")
    make_bookable(session, "Other Example", "Hiring", status="paused")
    session.commit()

    page = client.get("/search?q=compilers")

    assert found(page) == ["Grace Example"]
    told = words(page).partition("They fit too, and are not free now")[2]
    assert re.findall("(Full|Resting|Far|Break) Example", told) == ["Full", "Resting", "Far", "Break"]
    assert f"Full Example {HEADLINE} free again from Mon 7 Dec, to be booked from Thu 3 Dec" in told
    assert f"Resting Example {HEADLINE} free again from Mon 11 Jan" in told  # the day that they have told is a Saturday
    assert f"Far Example {HEADLINE} free again from Mon 15 Mar, to be booked from Thu 14 Jan" in told
    assert f"Break Example {HEADLINE} taking a break" in told
    assert "Other Example" not in told


def test_without_a_need_nobody_is_told_of_who_is_not_free(client, session):
    make_bookable(session)
    make_bookable(session, "Break Example", status="paused")
    session.commit()

    assert "Break Example" not in words(client.get("/search?language=en"))


def test_who_is_not_free_when_asked_for_and_is_otherwise_is_not_told_of_as_if_they_were_full(client, session):
    make_bookable(session, "Grace Example", "Compilers", boundaries={"notice_minutes": 5 * 1440})
    session.commit()

    page = words(client.get("/search?q=compilers&within=3"))

    assert "not free now" not in page
    assert "Without “within 3 days”: 1 mentor" in page


def test_who_has_nowhere_to_meet_is_listed_only_where_the_site_has_a_place(settings, session):
    make_bookable(session)
    make_bookable(session, "Edsger Example", meeting_url="https://meet.example.org/edsger")
    session.commit()
    without = create_app(replace(settings, meeting_url=""))

    with without.app_context():
        names = search(without.test_client())
        db.session.remove()
        db.engine.dispose()

    assert names == ["Edsger Example"]


def test_when_nobody_is_found_each_filter_says_how_many_it_keeps_out(client, session):
    make_bookable(session, "Grace Example", "Python")
    make_bookable(session, "Ada Sample", "Python")
    make_bookable(session, "Edsger Example", languages=["de"])
    session.commit()

    page = client.get("/search?q=python&language=de&within=7")

    assert found(page) == []
    assert "Without “python”: 1 mentor" in words(page)
    assert "Without “German”: 2 mentors" in words(page)
    assert "Without “within a week”" not in words(page)
    assert 'href="/search?q=python&amp;within=7"' in page.text


def test_filters_that_the_clock_decides_say_so_too(client, session):
    make_bookable(session, boundaries={"notice_minutes": 5 * 1440}, zone="Pacific/Auckland")
    session.commit()

    page = words(client.get(f"/search?hours=y&within=14&{STOCKHOLM}"))

    assert "Without “09:00–17:00 in Stockholm”: 1 mentor" in page
    assert "Without “within two weeks”" not in page


def test_when_more_than_one_thing_keeps_everybody_out_that_is_said(client, session):
    make_bookable(session)
    session.commit()

    page = words(client.get("/search?q=xylophones&price=1&currency=EUR"))

    assert "Nobody here writes “xylophones”." in page
    assert "No single change helps" in page


def test_an_empty_site_says_what_will_be_here(client):
    assert "Nobody can be booked yet." in words(client.get("/search"))
