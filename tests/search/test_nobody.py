"""Who is hidden, and what is said when nobody is found."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import Range

from booking.days_models import TimeOff
from marketplace.app import create_app
from marketplace.core.db import db
from tests.pages.reading import words
from tests.search.searching import STOCKHOLM, found, make_bookable, search


def test_who_is_full_or_on_a_break_is_not_listed_and_found_by_name(client, session):
    full = make_bookable(session, "Full Example")
    away = Range(datetime(2026, 11, 1), datetime(2027, 12, 1))  # noqa: DTZ001  wall time
    session.add(TimeOff(mentor_id=full.id, span=away))
    make_bookable(session, "Resting Example", status="paused", free_again_on=date(2027, 1, 11))
    make_bookable(session, "Break Example", status="paused")
    make_bookable(session, "Draft Example", status="draft")
    session.commit()

    assert search(client) == []
    assert "Full Example Helps engineers grow from senior to staff. fully booked for now" in words(
        client.get("/search?q=full")
    )
    resting = words(client.get("/search?q=resting"))
    assert "Resting Example Helps engineers grow from senior to staff. free again from Mon 11 Jan" in resting
    assert "taking a break" in words(client.get("/search?q=break"))
    assert "Draft Example" not in words(client.get("/search?q=draft"))


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
