"""What a mentee takes along to another mentor: their own words, as drafts, and nothing of the other one's."""

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.models.bookings import BookingAnswer
from booking.services.settle_hold import confirm
from marketplace.core.clock import utcnow
from marketplace.mentorships.domain.papers import MOST_GOALS, Goal, Kind
from marketplace.mentorships.domain.sessions import Part
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.carried import Carried
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.queries.papers import papers_of
from marketplace.mentorships.services.carrying import take_along
from marketplace.mentorships.services.notes import Draft, Writing, keep
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.standing import decide
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.mentorships.test_pages import at
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.search.searching import found
from tests.web import inputs, sign_in

HERS, SHARED, HIS = "h" * 12, "s" * 12, "g" * 12
GOALS = [HERS, SHARED]


@pytest.fixture
def edsger(session, pair):
    mentor = make_mentor(session, "Edsger Example", slug="edsger")
    make_offering(session, mentor, title="An hour with Edsger")
    return mentor


@pytest.fixture
def ended(session, pair, grace, ada, edsger):
    """Ada has set one goal; another one Grace has reworded since, and a third is Grace's alone. All else is written
    down too, and it is over."""
    mentee, mentor = Writer(pair, ada.id, utcnow()), Writer(pair, grace.id, utcnow())
    write(session, mentee, Kind.GOAL, Goal("I lead the redesign."), base=0, goal=HERS)
    write(session, mentee, Kind.GOAL, Goal("I speak at a meetup."), base=0, goal=SHARED)
    write(session, mentor, Kind.GOAL, Goal("Ada speaks, said Grace."), base=1, goal=SHARED)
    write(session, mentor, Kind.GOAL, Goal("Only Grace wants this."), base=0, goal=HIS)
    fit_call = make_offering(session, grace, kind="fit_call")
    call, _ = make_sale(session, fit_call, ada, NEXT_TUESDAY - 5 * WEEK, status=BookingStatus.COMPLETED)
    session.add(BookingAnswer(booking_id=call.id, question="better", answer="Leading without a title"))
    keep(session, Writing(call.id, grace.id, "w" * 12, utcnow()), [Draft(Part.GOAL, "Grace has noted this", "", 0)])
    decide(session, pair.public_id, Standing.ENDED, by_id=ada.id, now=utcnow())
    session.commit()
    return pair


@pytest.fixture
def adas(client_of, ended, ada):
    return client_of(ada)


def book(session, mentor, ada, weeks=1):
    """The next session of the pair: the first is confirmed as paying does it, a later one from the beginning."""
    offering, begins = make_offering(session, mentor, position=weeks), NEXT_TUESDAY + weeks * WEEK
    if weeks > 1:
        make_sale(session, offering, ada, begins)
    else:
        booking, _ = make_sale(session, offering, ada, begins, status=BookingStatus.HELD, held_until=TUESDAY + WEEK)
        confirm(session, booking, now=utcnow())
    session.commit()
    return session.scalars(select(Mentorship).where(Mentorship.mentor_id == mentor.id)).one()


def goals_of(session, pair):
    return [goal.goal.sentence for goal in papers_of(session, pair.id).goals]


def take(client, pair, **fields):
    page = client.get(f"{at(pair)}/onwards").text
    token = inputs(page)["csrf_token"]
    return client.post(f"{at(pair)}/onwards", data={"csrf_token": token, "to": "edsger", **fields})


def test_the_page_suggests_others_with_the_reasons_and_offers_only_own_words(adas, ended):
    page = words(adas.get(f"{at(ended)}/onwards"))

    assert "Three in ten pairs do not fit. That is normal" in page
    assert "Leading without a title" in page
    assert "I lead the redesign. I speak at a meetup." in page
    assert "Covers what you need: Data engineering." in page
    assert "Take it along to Edsger Example" in page
    assert "Take it along to Grace Example" not in page
    assert "Grace wants" not in page
    token = inputs(adas.get("/suggestions").text)["csrf_token"]
    adas.post("/suggestions", data={"csrf_token": token, "needs": "Data engineering"})
    assert found(adas.get("/suggestions")) == ["Edsger Example"]
    assert "said Grace" not in page


def test_what_was_chosen_stands_in_the_new_mentorship_as_a_draft_with_nothing_of_the_former_mentors(
    app, session, adas, ended, edsger, ada
):
    answer = take(adas, ended, brief="y", goals=GOALS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mentors/edsger")

    new = book(session, edsger, ada)

    (hers, shared) = papers_of(session, new.id).goals
    assert [hers.goal.sentence, shared.goal.sentence] == ["I lead the redesign.", "I speak at a meetup."]
    assert (hers.version.mentee_agreed_at is None, hers.version.mentor_agreed_at is None) == (False, True)
    client = app.test_client()
    session.refresh(edsger, ["user"])
    sign_in(client, edsger.user)
    page = words(client.get(at(new)))
    assert "What do you want to get better at? Leading without a title" in page
    assert "I lead the redesign. waits for you" in page
    assert "Grace" not in page


def test_it_arrives_once_with_the_first_booking_and_only_what_was_chosen(session, adas, ended, edsger, ada):
    take(adas, ended, goals=[HERS])

    new = book(session, edsger, ada)
    book(session, edsger, ada, weeks=2)

    assert goals_of(session, new) == ["I lead the redesign."]
    assert "What you are here for" not in words(adas.get(at(new)))
    assert "It has come along to Edsger Example. 1 goal" in words(adas.get(f"{at(ended)}/onwards"))


def test_a_later_choice_replaces_an_earlier_one_and_can_be_left_behind(session, adas, ended, edsger, ada):
    take(adas, ended, brief="y", goals=GOALS)
    take(adas, ended, goals=[SHARED])
    token = inputs(adas.get(f"{at(ended)}/onwards").text)["csrf_token"]
    assert len(session.scalars(select(Carried)).one().goals) == 1

    adas.post(f"{at(ended)}/onwards/edsger/leave", data={"csrf_token": token})

    assert goals_of(session, book(session, edsger, ada)) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({}, 422, id="nothing chosen"),
        pytest.param({"goals": [HIS]}, 422, id="a goal that is the mentor's"),
        pytest.param({"brief": "y", "to": "grace"}, 404, id="to the one it ended with"),
        pytest.param({"brief": "y", "to": "nobody"}, 404, id="to nobody"),
    ],
)
def test_nothing_else_can_be_taken(session, adas, ended, fields, status):
    answer = take(adas, ended, **fields)

    assert answer.status_code == status
    assert status != 422 or "Choose what you want to take along." in words(answer)
    assert session.scalars(select(Carried)).all() == []


def test_goals_that_find_no_room_stay_where_they_are(session, ended, edsger, ada):
    new = book(session, edsger, ada)
    for number in range(MOST_GOALS - 1):
        write(session, Writer(new, ada.id, utcnow()), Kind.GOAL, Goal(f"Goal {number}"), base=0)
    take_along(session, ended, edsger.id, brief=False, goals=GOALS, now=utcnow())
    session.commit()

    book(session, edsger, ada, weeks=2)

    assert goals_of(session, new)[MOST_GOALS - 1 :] == ["I lead the redesign."]
    assert len(goals_of(session, ended)) == 3


def test_the_mentor_knows_nothing_of_it(app, session, ended, graces_account):
    client = app.test_client()
    sign_in(client, graces_account)

    assert client.get(f"{at(ended)}/onwards").status_code == 404
    assert "another mentor" not in words(client.get(at(ended)))
