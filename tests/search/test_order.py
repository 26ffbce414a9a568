"""The order of the list, and its pages."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from marketplace.mentors.models import MentorTopic
from marketplace.search.domain import ranking
from marketplace.search.domain.ranking import Step
from marketplace.search.words import STEPS
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.search.searching import STOCKHOLM, make_bookable, search


def test_an_earlier_common_day_comes_before_freshness_and_freshness_before_the_lot(client, session):
    make_bookable(session, "Late Example", weekly={4: hours("09:00-17:00")})
    stale = make_bookable(session, "Stale Example")
    session.execute(update(MentorTopic).where(MentorTopic.mentor_id == stale.id).values(last_practised=2019))
    make_bookable(session, "Fresh Example")
    make_bookable(session, "Far Example", zone="Pacific/Auckland")
    session.commit()

    assert search(client, STOCKHOLM) == ["Fresh Example", "Stale Example", "Late Example", "Far Example"]
    assert search(client, "zone=Pacific/Auckland")[0] == "Far Example"


@pytest.mark.parametrize("day", range(3))
def test_on_the_same_day_neither_the_hour_nor_the_notice_counts(client, session, clock, day):
    """Both are free on Thursday: one at once, the other at the end of it; only the lot of the day tells them apart."""
    make_bookable(session, "Quick Example", boundaries={"notice_minutes": 60})
    make_bookable(session, "Calm Example", weekly={4: hours("16:00-17:00")}, boundaries={"notice_minutes": 60})
    session.commit()
    clock.set(TUESDAY + timedelta(days=2 + 7 * day))
    ids = {"Quick Example": 1, "Calm Example": 2}

    lots = {name: ranking.lot_of(each, (TUESDAY + timedelta(days=2 + 7 * day)).date()) for name, each in ids.items()}

    assert search(client) == sorted(lots, key=lots.__getitem__)


def test_neither_price_nor_how_much_somebody_gives_counts(client, session):
    ada = make_user(session)
    busy, dear = make_bookable(session, "Busy Example"), make_mentor(session, "Dear Example")
    make_offering(session, dear, price_minor=90000)
    session.commit()
    before = search(client)

    offering = make_offering(session, busy, price_minor=100)
    for week in range(1, 7):
        make_booking(session, offering, ada, TUESDAY - timedelta(days=7 * week))
    session.commit()

    assert search(client) == before


def test_pages_are_stable_and_hold_everybody_once(client, session):
    for number in range(45):
        make_bookable(session, f"Mentor{number:02} Example")
    session.commit()

    pages = [search(client, f"page={number}") for number in (1, 2, 3)]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({name for page in pages for name in page}) == 45
    assert pages[1] == search(client, "page=2")


def test_pages_are_turned_until_there_are_no_more(client, session):
    for number in range(21):
        make_bookable(session, f"Mentor{number:02} Example")
    session.commit()

    first, second, third = (client.get(f"/search?language=en&page={number}") for number in (1, 2, 3))

    assert "21 mentors" in words(first)
    assert 'href="/search?language=en&amp;page=2" rel="next"' in first.text
    assert 'href="/search?language=en" rel="prev"' in second.text
    assert 'rel="next"' not in second.text
    assert "There are no more mentors here" in words(third)


def test_behind_those_who_are_looked_at_together_come_the_others(client, session, monkeypatch):
    """Pools of forty: the first two pages, then the third from the next pool."""
    monkeypatch.setattr("marketplace.search.queries.POOL", 40)
    monkeypatch.setattr("marketplace.search.results.POOL", 40)
    monkeypatch.setattr("marketplace.search.results.PAGES_PER_POOL", 2)
    for number in range(45):
        make_bookable(session, f"Mentor{number:02} Example")
    session.commit()

    pages = [search(client, f"page={number}") for number in (1, 2, 3)]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({name for page in pages for name in page}) == 45
    assert "More than 40 mentors" in words(client.get("/search"))
    assert 'href="/search?page=3" rel="next"' in client.get("/search?page=2").text


def test_the_published_order_is_the_one_that_is_used(client):
    page = words(client.get("/how-we-rank"))

    places = [page.index(str(title)) for title, _ in (STEPS[step] for step in ranking.STEPS)]
    assert places == sorted(places)
    assert set(STEPS) == set(Step)
    assert f"looking {ranking.COMMON_DAYS} days ahead" in page
    assert f"When more than {ranking.POOL} mentors fit, {ranking.POOL} are looked at together" in page
    assert "It is not counted yet" in page
