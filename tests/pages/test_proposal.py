"""A mentor proposes another time over the pages, and the mentee answers."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.moves import MoveProposal
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from tests.factories import make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import inputs, sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = TEN + 2 * HOUR


@pytest.fixture
def url(booking):
    return f"/sessions/{booking.public_id}"


def signed_in(app, person):
    client = app.test_client()
    sign_in(client, person)
    return client


@pytest.fixture
def adas(app, ada, booking):
    return signed_in(app, ada)


@pytest.fixture
def graces(app, session, offering, booking):
    return signed_in(app, session.get_one(User, offering.mentor_id))


@pytest.fixture
def proposed(graces, url):
    return propose(graces, url, reason="I am at the <dentist>.")


def propose(graces, url, start=NOON, **fields):
    page = graces.get(f"{url}/propose?start={instant(start)}")
    return graces.post(f"{url}/propose", data={**inputs(page.text), **fields})


def press(client, url, what):
    return client.post(f"{url}/proposal/{what}", data=inputs(client.get(f"{url}/proposal").text))


def state(session):
    session.rollback()
    found = session.scalars(select(Booking), execution_options={"populate_existing": True}).first()
    return found.state, found.starts_at


def proposals(session):
    session.rollback()
    return session.scalars(select(MoveProposal.status).order_by(MoveProposal.id)).all()


def test_a_mentor_chooses_as_a_mentee_does_and_reads_what_follows(graces, url):
    page = words(graces.get(f"{url}/propose?start={instant(NOON)}"))

    assert "Propose another time" in page
    assert "Ada Example has two days to accept the new time" in page
    assert "Old time Your time Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam) Ada Example Tue 8 Dec, 04:00–05:00" in page
    assert "New time Your time Tue 8 Dec, 12:00–13:00 (Europe/Amsterdam) Ada Example Tue 8 Dec, 06:00–07:00" in page
    assert "Propose Tue 8 Dec, 12:00" in page
    assert "Move it to" not in page


def test_both_see_it_until_when_it_is_to_be_answered_and_what_silence_means(adas, graces, url, proposed):
    assert (proposed.status_code, proposed.location) == (303, f"{url}/proposal")
    to_ada, to_grace = words(adas.get(f"{url}/proposal")), words(graces.get(f"{url}/proposal"))

    assert "Grace Example proposes another time" in to_ada
    assert "kept for you until Thu 3 Dec, 03:00 (America/New_York)." in to_ada
    assert "If you do nothing, the session stays at the old time." in to_ada
    assert "Cancel it, €80.50 back" in to_ada
    assert "You have proposed another time" in to_grace
    assert "Without an answer the session stays at the old time." in to_grace
    assert "Take the proposal back" in to_grace
    for client in (adas, graces):
        assert "I am at the &lt;dentist&gt;." in client.get(f"{url}/proposal").text


def test_it_stands_on_the_sessions_page_and_on_both_desks(adas, graces, url, proposed):
    assert f'href="{url}/proposal"' in adas.get(url).text
    assert "Grace Example proposes another time: Tue 8 Dec, 06:00" in words(adas.get(url))
    assert "To answer Tue 8 Dec, 06:00 Another time for Single session with Grace Example" in words(
        adas.get("/sessions")
    )
    assert "You have proposed another time: Tue 8 Dec, 12:00" in words(graces.get(url))
    assert "Requests Tue 8 Dec, 12:00 Another time for Single session with Ada Example" in words(graces.get("/desk"))
    assert "Propose another time" not in words(graces.get(url))


def test_accepting_moves_it(adas, session, url, proposed):
    answer = press(adas, url, "accept")

    assert (answer.status_code, answer.location) == (303, url)
    assert state(session) == (BookingStatus.CONFIRMED, NOON)
    assert "The session is moved." in words(adas.get(url))
    assert adas.get(f"{url}/proposal").location == url
    assert "To answer" not in words(adas.get("/sessions"))


def test_choosing_another_time_moves_it_there_whatever_the_limit(adas, session, url, graces, clock):
    clock.set(TEN - HOUR)
    propose(graces, url, TEN + 2 * DAY)
    page = adas.get(f"{url}/move?start={instant(TEN + 3 * DAY)}")

    answer = adas.post(f"{url}/move", data=inputs(page.text))

    assert "Grace Example has asked for another time, so you may choose any" in words(page)
    assert answer.status_code == 303
    assert state(session) == (BookingStatus.CONFIRMED, TEN + 3 * DAY)
    assert proposals(session) == ["elsewhere"]


def test_taking_all_back_cancels_it_and_says_who_pressed(adas, graces, session, url, proposed):
    answer = press(adas, url, "take-back")

    assert (answer.status_code, answer.location) == (303, url)
    assert state(session) == (BookingStatus.CANCELLED_BY_MENTOR, TEN)
    assert "You have cancelled this session." in words(adas.get(url))
    assert "All that you paid goes back" in words(adas.get(url))
    assert "Ada Example has cancelled this session." in words(graces.get(url))


def test_the_mentor_takes_it_back(adas, graces, session, url, proposed):
    page = inputs(adas.get(f"{url}/proposal").text)

    answer = press(graces, url, "withdraw")

    assert (answer.status_code, state(session)) == (303, (BookingStatus.CONFIRMED, TEN))
    late = adas.post(f"{url}/proposal/accept", data=page)
    assert late.location == url
    assert "has been answered or taken back" in words(adas.get(url))
    assert (state(session), proposals(session)) == ((BookingStatus.CONFIRMED, TEN), ["withdrawn"])


def test_a_second_press_proposes_nothing_more(graces, session, url):
    page = inputs(graces.get(f"{url}/propose?start={instant(NOON)}").text)
    graces.post(f"{url}/propose", data=page)

    again = graces.post(f"{url}/propose", data=page)

    assert (again.status_code, again.location) == (303, f"{url}/proposal")
    assert proposals(session) == ["open"]
    assert graces.get(f"{url}/propose").location == f"{url}/proposal"


@pytest.mark.parametrize("proposal", ["", "another", "<b>", "9" * 400])
@pytest.mark.parametrize("what", ["accept", "take-back"])
def test_what_no_page_has_shown_answers_nothing(adas, session, url, proposed, what, proposal):
    fields = {**inputs(adas.get(f"{url}/proposal").text), "proposal": proposal}

    assert adas.post(f"{url}/proposal/{what}", data=fields).location == url
    assert (state(session), proposals(session)) == ((BookingStatus.CONFIRMED, TEN), ["open"])


@pytest.mark.parametrize("start", ["2026-12-08T20:00Z", "2026-12-12T09:00Z", "2026-12-08T11:07Z"])
def test_a_time_that_somebody_has_written_into_the_form_is_judged(graces, session, url, start):
    answer = graces.post(
        f"{url}/propose", data={**inputs(graces.get(f"{url}/propose?start={instant(NOON)}").text), "start": start}
    )

    assert answer.status_code == 422
    assert "That time cannot be booked" in words(answer)
    assert proposals(session) == []


def test_each_does_only_what_is_theirs(app, adas, graces, session, url, proposed):
    alan = signed_in(app, _committed(session, make_user(session, "Alan Example")))
    mentees, mentors = inputs(adas.get(f"{url}/proposal").text), inputs(graces.get(f"{url}/proposal").text)

    assert [graces.post(f"{url}/proposal/{what}", data=mentors).status_code for what in ("accept", "take-back")] == [
        403
    ] * 2
    assert adas.post(f"{url}/proposal/withdraw", data=mentees).status_code == 403
    assert adas.get(f"{url}/propose").status_code == 403
    assert alan.get(f"{url}/proposal").status_code == 404
    assert alan.post(f"{url}/proposal/accept", data=inputs(alan.get("/account").text)).status_code == 404
    assert proposals(session) == ["open"]


def test_after_two_days_there_is_nothing_to_answer(adas, session, url, proposed, clock):
    page = inputs(adas.get(f"{url}/proposal").text)
    clock.advance(timedelta(hours=48))

    assert adas.get(f"{url}/proposal").location == url
    assert adas.post(f"{url}/proposal/accept", data=page).location == url
    assert state(session) == (BookingStatus.CONFIRMED, TEN)
    assert "proposes another time" not in words(adas.get(url))


def test_a_mentor_on_a_break_may_still_propose(graces, session, url):
    session.execute(text("UPDATE mentor SET status = 'paused'"))
    session.commit()

    assert propose(graces, url).status_code == 303


def test_the_list_of_what_is_to_be_answered_takes_one_query(adas, graces, session, ada, offering, url, proposed):
    with count_queries() as few:
        adas.get("/sessions")
    for number in range(1, 4):
        other, _ = make_sale(session, offering, ada, TEN + number * DAY)
        session.commit()
        propose(graces, f"/sessions/{other.public_id}", NOON + number * DAY)

    with count_queries() as many:
        page = adas.get("/sessions")

    assert words(page).count("Another time for") == 4
    assert len(many) == len(few)


def _committed(session, user):
    session.commit()
    return user
