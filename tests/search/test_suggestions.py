"""Suggestions: who covers what somebody needs, works as they like, and is free when they are, each with the reasons."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.accounts.services.close import close
from marketplace.core.clock import utcnow
from marketplace.mentors.models import Mentor
from marketplace.search.domain import matching
from marketplace.search.models import LookingFor
from marketplace.search.words import MATCHED
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import hours, make_offering, make_user
from tests.pages.reading import words
from tests.queries import count_queries
from tests.search.searching import found, make_bookable
from tests.web import csrf, sign_in

NEEDS = "Data engineering\nPostgreSQL\nInterviews"


@pytest.fixture
def ada(session):
    return make_user(session)


@pytest.fixture
def adas(client, session, ada):
    session.commit()
    sign_in(client, ada)
    return client


def say(client, needs=NEEDS, ways=()):
    token = csrf(client, "/suggestions")
    return client.post("/suggestions", data={"csrf_token": token, "needs": needs, "ways": list(ways)})


def names(client):
    return found(client.get("/suggestions"))


def test_each_comes_with_the_reasons_and_who_covers_more_comes_first(session, adas):
    make_bookable(session, "Few Example", ways=["plans", "asks", "frank"])
    make_bookable(session, "More Example", "PostgreSQL", ways=["asks"], weekly={4: hours("08:00-09:00")})
    session.commit()

    assert say(adas, ways=["asks", "plans"]).status_code == 303

    page = words(adas.get("/suggestions"))
    assert names(adas) == ["More Example", "Few Example"]
    assert "Covers 2 of your 3 needs: Data engineering, PostgreSQL." in page
    assert "Works as you like: asks more than they tell · writes a plan with me." in page
    assert "Covers 1 of your 3 needs: Data engineering." in page
    assert "Free within your working day, first on Wed 2 Dec." in page
    assert "Free outside your working day, first on Thu 3 Dec." in page


def test_among_those_who_cover_as_much_ways_come_before_time(session, adas):
    late = make_bookable(session, "Late Example", ways=["asks"], weekly={4: hours("09:00-17:00")})
    make_bookable(session, "Soon Example", ways=["frank"])
    session.commit()
    say(adas, ways=["asks"])
    assert names(adas) == ["Late Example", "Soon Example"]

    session.execute(update(Mentor).where(Mentor.id == late.id).values(ways=[]))
    session.commit()

    assert names(adas) == ["Soon Example", "Late Example"]


def test_ones_working_day_is_the_one_that_was_told_to_the_search(session, adas):
    """Grace works from nine to five in Amsterdam, where Ada is, too."""
    make_bookable(session, "Grace Example")
    session.commit()
    say(adas)
    assert "Free within your working day, first on" in words(adas.get("/suggestions"))

    adas.get("/search?hours=y&opens=18:00&closes=22:00")

    assert "Free outside your working day, first on" in words(adas.get("/suggestions"))


def test_neither_a_name_nor_a_price_nor_how_much_somebody_gives_changes_the_order(session, adas, ada):
    busy, quiet = make_bookable(session, "Busy Example"), make_bookable(session, "Quiet Example")
    session.commit()
    say(adas)
    before = names(adas)

    offering = make_offering(session, busy, price_minor=100)
    for week in range(1, 7):
        make_booking(session, offering, make_user(session, "Alan Example"), TUESDAY - timedelta(days=7 * week))
    session.execute(update(User).where(User.id == busy.id).values(name="Zoe Example"))
    session.execute(update(Mentor).where(Mentor.id == quiet.id).values(city="Nairobi", country="KE"))
    session.commit()

    assert names(adas) == [name.replace("Busy", "Zoe") for name in before]


def test_nobody_is_suggested_to_themselves_or_before_they_have_said_what_they_need(app, session):
    mentor = make_bookable(session, "Grace Example")
    make_bookable(session, "Edsger Example")
    session.commit()
    client = app.test_client()
    sign_in(client, session.get_one(User, mentor.id))
    assert names(client) == []

    say(client)

    assert names(client) == ["Edsger Example"]


def test_what_was_typed_is_kept_and_an_empty_need_is_asked_for(session, adas):
    empty = say(adas, needs=" \n—\n", ways=["asks"])
    long = say(adas, needs="x" * 41)

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Name at least one thing, one a line." in words(empty)
    assert 'value="asks" checked' in empty.text or 'checked class="form-check-input" id="ways-0"' in empty.text
    assert "x" * 41 in long.text
    assert session.scalars(select(LookingFor)).all() == []
    say(adas)
    assert "Interviews" in adas.get("/suggestions").text


def test_it_takes_as_many_queries_for_many_mentors_as_for_two(session, adas):
    def queries():
        with count_queries() as statements:
            adas.get("/suggestions")
        return len(statements)

    for number in range(2):
        make_bookable(session, f"Grace Example {number}")
    session.commit()
    say(adas)
    few = queries()
    for number in range(12):
        make_bookable(session, f"Edsger Example {number}")
    session.commit()

    assert queries() == few
    assert len(names(adas)) == matching.SUGGESTED


def test_the_order_is_published_step_by_step(client):
    page = words(client.get("/how-we-rank"))

    places = [page.index(str(MATCHED[reason][1])) for reason in matching.STEPS]
    assert places == sorted(places)
    assert "no name, age, sex, origin or photo" in page


def test_what_somebody_needs_goes_with_their_account(session, adas, ada):
    say(adas)

    close(session, ada.id, now=utcnow())
    session.commit()

    assert session.scalars(select(LookingFor)).all() == []
