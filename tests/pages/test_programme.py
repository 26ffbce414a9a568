"""A programme over the pages: offered, bought, booked one session after the other, and ended, without script."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from marketplace.offerings.models import Offering
from payments.models.programmes import Programme
from payments.models.sales import PurchaseSession
from tests.factories import make_programme
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import csrf, inputs, sign_in

WEEK = timedelta(days=7)


@pytest.fixture
def offering(session, grace):
    found = make_programme(session, grace)
    session.commit()
    return found


def book(client, url, start=TEN + WEEK):
    page = client.get(f"{url}/book?start={instant(start)}")
    return client.post(f"{url}/book", data=inputs(page.text))


def to_book(session):
    session.rollback()
    return session.scalars(
        select(PurchaseSession.position).where(PurchaseSession.to_book).order_by(PurchaseSession.position)
    ).all()


def test_a_mentor_offers_one_with_its_course(client, session, grace):
    sign_in(client, session.get_one(User, grace.id))
    form = {
        "title": "From senior to staff",
        "sessions": "6",
        "cadence": "14",
        "minutes": "60",
        "milestones": "Know what staff means\nLead one thing",
        "pre_work": "Write what you did",
        "price": "480",
        "policy": "standard",
        "preparation": "0",
        "follow_up": "0",
    }

    page = words(
        client.post(
            "/desk/offerings/new/programme",
            data={**form, "act": "sums", "csrf_token": csrf(client, "/desk/offerings/new/programme")},
        )
    )
    client.post(
        "/desk/offerings/new/programme", data={**form, "csrf_token": csrf(client, "/desk/offerings/new/programme")}
    )

    assert "The mentee pays €544.80" in page
    assert "You get €480.00 For each real hour (6 hours in all) €80.00" in page
    kept = session.scalars(select(Offering)).one()
    assert (kept.sessions, kept.cadence_days, kept.milestones.splitlines()) == (6, 14, form["milestones"].splitlines())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param({"sessions": "1"}, "From 2 to 12 sessions.", id="one is no programme"),
        pytest.param({"sessions": "13"}, "From 2 to 12 sessions.", id="too many"),
        pytest.param({"cadence": "0"}, "From 1 to 60 days.", id="no cadence"),
        pytest.param({"sessions": "six"}, "Write a whole number, such as 6.", id="no number"),
    ],
)
def test_what_cannot_be_a_programme_is_said_beside_its_field(client, session, grace, typed, sentence):
    sign_in(client, session.get_one(User, grace.id))
    right = {"title": "A year", "sessions": "6", "cadence": "14", "minutes": "60", "price": "480", "policy": "standard"}

    answer = client.post(
        "/desk/offerings/new/programme",
        data={**right, **typed, "csrf_token": csrf(client, "/desk/offerings/new/programme")},
    )

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "A year" in answer.text
    assert session.scalars(select(Offering)).all() == []


def test_before_paying_the_page_says_what_all_and_each_cost_and_what_becomes_of_what_is_unused(client, ada, offering):
    sign_in(client, ada)

    page = words(client.get(f"/mentors/grace?offering={offering.id}&start={instant(TEN)}"))

    assert "From senior to staff, 6 sessions of 1 hour" in page
    assert "You pay €544.80" in page
    assert "You pay for all 6 sessions now, and book the first." in page
    assert "Each session comes to €89.60 to €92.00." in page
    assert "what is unused goes back at once" in page
    assert "Where it leads You know what staff means here You lead one thing across teams" in page


def test_my_sessions_say_what_is_still_to_be_booked(adas):
    page = words(adas.get("/sessions"))

    assert "Still to book 5 of 6 From senior to staff with Grace Example" in page


def test_its_page_lists_every_session_and_leads_to_the_next(adas, url):
    page = words(adas.get(url))

    assert "5 of 6 sessions are still to be booked." in page
    assert "About every 14 days suits it best. None lapses" in page
    assert "Unused by now: €460.00." in page


def test_a_time_is_chosen_as_always_and_booked_with_one_press(adas, session, url):
    answer = book(adas, url)

    assert answer.status_code == 303
    page = words(adas.get(answer.location))
    assert "Session 2 of 6 of the programme. 4 are still to be booked" in page
    assert to_book(session) == [3, 4, 5, 6]


def test_a_page_that_is_pressed_twice_books_once_and_leads_to_the_same_session(adas, session, url):
    page = adas.get(f"{url}/book?start={instant(TEN + WEEK)}")

    first, second = (adas.post(f"{url}/book", data=inputs(page.text)) for _ in range(2))

    assert first.location == second.location
    assert to_book(session) == [3, 4, 5, 6]


def test_a_time_that_is_gone_is_told_and_what_was_written_stays(adas, session, url):
    page = adas.get(f"{url}/book?start={instant(TEN + WEEK)}")
    sent = {**inputs(page.text), "start": instant(TEN), "agenda": "My next step"}

    answer = adas.post(f"{url}/book", data=sent)

    assert answer.status_code == 409
    assert "My next step" in answer.text
    assert to_book(session) == [2, 3, 4, 5, 6]


def test_once_all_are_booked_the_page_leads_back(adas, session, url):
    for number in range(1, 6):
        book(adas, url, TEN + number * WEEK)

    answer = adas.get(f"{url}/book", follow_redirects=True)

    assert "All sessions of this programme are booked." in words(answer)
    assert "All 6 sessions are booked." in words(answer)


def test_a_session_called_off_in_time_is_booked_again_or_its_money_is_taken(adas, sold):
    where = f"/sessions/{sold[0].public_id}"
    asked = adas.get(f"{where}/cancel")
    assert "The session stays yours." in words(asked)
    adas.post(f"{where}/cancel", data=inputs(asked.text))

    page = words(adas.get(where))
    assert "The session stays yours: book it at another time, whenever you like, or have its money back." in page
    assert "Book it at another time Have €92.00 back" in page


def test_its_mentor_sees_what_they_earn_and_books_nothing(client, session, grace, url):
    sign_in(client, session.get_one(User, grace.id))

    page = words(client.get(url))

    assert "to be booked" in page
    assert "Book the next session" not in page
    assert "What you paid" not in page
    assert client.get(f"{url}/book").status_code == 403


def test_a_page_takes_as_many_queries_for_many_sessions_as_for_few(adas, session, app, url):
    def queries_of(path):
        with app.app_context(), count_queries() as counted:
            assert adas.get(path).status_code == 200
        return len(counted)

    few = [queries_of(path) for path in (url, "/sessions")]
    for number in range(1, 4):
        book(adas, url, TEN + number * WEEK)

    assert [queries_of(path) for path in (url, "/sessions")] == few


def test_ending_shows_the_sums_first_and_is_one_press(adas, session, ada, url):
    book(adas, url)
    page = adas.get(f"{url}/end")

    assert "You get €552.00 back." in words(page)
    assert "4 sessions that are not booked, all of it €368.00" in words(page)
    answer = adas.post(f"{url}/end", data=inputs(page.text), follow_redirects=True)

    assert "The programme has ended." in words(answer)
    assert "About three in ten programmes end before their last session" in words(answer)
    session.rollback()
    assert session.scalars(select(Programme.ended_by)).all() == [ada.id]
    assert set(session.scalars(select(Booking.status))) == {"cancelled_by_mentee"}


def test_what_has_changed_since_the_page_was_read_is_asked_again(adas, session, url):
    page = adas.get(f"{url}/end")
    adas.post(f"{url}/end", data={**inputs(page.text), "back": "1"})

    assert session.scalars(select(Programme.ended_at)).all() == [None]


def test_the_mentor_may_end_it_too(client, session, grace, url):
    sign_in(client, session.get_one(User, grace.id))
    page = client.get(f"{url}/end")

    assert "Ada Example gets €552.00 back." in words(page)
    client.post(f"{url}/end", data=inputs(page.text))
    assert session.scalars(select(Programme.ended_by)).all() == [grace.id]
