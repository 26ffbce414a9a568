"""A mentor's offerings: put up, changed, paused, ordered, deleted, and nobody else's."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.desk.offerings import HERE, TYPED, grace, offered, signed_in, titles
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import csrf, inputs, submit

__all__ = ["grace", "signed_in"]


def press(client: FlaskClient, offering: Offering, act: str) -> str:
    """The page that comes after it, in words."""
    token = csrf(client, "/account")
    return words(client.post(f"{HERE}/{offering.id}/{act}", data={"csrf_token": token}, follow_redirects=True))


def test_a_session_is_put_up_with_all_that_was_typed(signed_in: FlaskClient, session: Session):
    answer = submit(signed_in, f"{HERE}/new/session", **TYPED)

    (offering,) = offered(session)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert (offering.kind, offering.title, offering.summary) == ("session", "Design review", "Bring up to six pages")
    assert offering.included == "I read it before\nNotes afterwards"
    assert (offering.minutes, offering.price_minor, offering.currency) == (90, 12050, "EUR")
    assert (offering.policy, offering.active) == ("firm", True)


def test_a_fit_call_is_asked_for_no_price_and_gets_none(signed_in: FlaskClient, session: Session):
    page = signed_in.get(f"{HERE}/new/fit_call").text
    submit(signed_in, f"{HERE}/new/fit_call", title="Hello", minutes="20", price="99", policy="firm")

    (offering,) = offered(session)
    assert 'name="price"' not in page
    assert (offering.kind, offering.price_minor, offering.policy) == ("fit_call", 0, "flexible")


def test_a_listening_session_is_called_what_it_is(signed_in: FlaskClient, session: Session):
    submit(signed_in, f"{HERE}/new/listening", **TYPED)
    page = words(signed_in.get("/mentors/grace"))

    assert offered(session)[0].kind == "listening"
    assert "Listening session, 1 h 30 min · Bring up to six pages" in page
    assert "No advice unless you ask for it, no tasks, no score." in page
    assert "I read it before Notes afterwards" in page


def test_there_is_no_other_kind(signed_in: FlaskClient):
    assert signed_in.get(f"{HERE}/new/course").status_code == 404


def test_the_same_form_changes_it(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace, included="One\nTwo")
    session.commit()
    page = signed_in.get(f"{HERE}/{offering.id}")

    submit(signed_in, f"{HERE}/{offering.id}", **TYPED)

    assert inputs(page.text)["price"] == "70"
    assert "One\nTwo" in page.text
    assert (titles(session), offered(session)[0].price_minor) == (["Design review"], 12050)


def test_nothing_of_another_mentors_can_be_seen_or_changed(signed_in: FlaskClient, session: Session):
    theirs = make_offering(session, make_mentor(session, "Edsger Example"), active=False)
    session.commit()
    token = csrf(signed_in, "/account")

    answers = [
        signed_in.get(f"{HERE}/{theirs.id}"),
        signed_in.post(f"{HERE}/{theirs.id}", data={"csrf_token": token, **TYPED}),
        *(
            signed_in.post(f"{HERE}/{theirs.id}/{act}", data={"csrf_token": token})
            for act in ("pause", "resume", "up", "down", "delete")
        ),
        signed_in.get(f"{HERE}/{10**30}"),
        signed_in.post(f"{HERE}/{10**30}/up", data={"csrf_token": token}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert titles(session) == ["Single session"]
    assert theirs.title not in signed_in.get(HERE).text


def test_nothing_else_of_the_row_can_be_sent(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace)
    session.commit()

    submit(
        signed_in,
        f"{HERE}/{offering.id}",
        **TYPED,
        kind="fit_call",
        currency="USD",
        mentor_id="1",
        position="9",
        active="",
    )

    (kept,) = offered(session)
    assert (kept.kind, kept.currency, kept.mentor_id, kept.position, kept.active) == (
        "session",
        "EUR",
        grace.id,
        0,
        True,
    )


def test_what_is_paused_cannot_be_booked_and_can_come_back(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace)
    session.commit()

    press(signed_in, offering, "pause")
    paused = words(signed_in.get("/mentors/grace"))
    press(signed_in, offering, "resume")

    assert "offers nothing to book" in paused
    assert offered(session)[0].active


def test_they_are_moved_one_place_at_a_time(signed_in: FlaskClient, session: Session, grace: Mentor):
    first, second, third = (make_offering(session, grace, title=title) for title in ("One", "Two", "Three"))
    resting = make_offering(session, grace, title="Resting", active=False)
    session.commit()

    press(signed_in, third, "up")
    moved = titles(session)
    press(signed_in, first, "up")
    press(signed_in, second, "down")
    press(signed_in, resting, "up")

    assert moved == ["One", "Three", "Two", "Resting"]
    assert titles(session) == moved


def test_a_new_one_comes_last(signed_in: FlaskClient, session: Session, grace: Mentor):
    make_offering(session, grace, title="One", position=3)
    make_offering(session, grace, title="Resting", active=False, position=7)
    session.commit()

    submit(signed_in, f"{HERE}/new/session", **TYPED)

    assert titles(session) == ["One", "Design review", "Resting"]


def test_there_is_one_fit_call_on_offer(signed_in: FlaskClient, session: Session, grace: Mentor):
    make_offering(session, grace, kind="fit_call", title="Hello")
    resting = make_offering(session, grace, kind="fit_call", title="Coffee", active=False)
    session.commit()

    page = submit(signed_in, f"{HERE}/new/fit_call", title="Chat", minutes="20")
    told = press(signed_in, resting, "resume")

    assert page.status_code == 422
    assert "You offer a fit call already." in page.text
    assert 'value="Chat"' in page.text
    assert "You offer a fit call already." in told
    assert [(each.title, each.active) for each in offered(session)] == [("Hello", True), ("Coffee", False)]


def test_twelve_are_enough_to_choose_from(signed_in: FlaskClient, session: Session, grace: Mentor):
    for number in range(12):
        make_offering(session, grace, position=number)
    session.commit()

    page = submit(signed_in, f"{HERE}/new/session", **TYPED)

    assert page.status_code == 422
    assert "You offer 12 things" in page.text
    assert len(offered(session)) == 12


@pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.EXPIRED])
def test_what_was_ever_booked_is_not_deleted(
    signed_in: FlaskClient, session: Session, grace: Mentor, status: BookingStatus
):
    offering = make_offering(session, grace, active=False)
    make_booking(session, offering, make_user(session), TEN, status=status)
    session.commit()

    page = signed_in.get(HERE).text
    told = press(signed_in, offering, "delete")

    assert "/delete" not in page
    assert "Somebody has booked this" in told
    assert len(offered(session)) == 1


def test_what_nobody_booked_is_deleted(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace, active=False)
    session.commit()

    page = signed_in.get(HERE).text
    press(signed_in, offering, "delete")

    assert f"{HERE}/{offering.id}/delete" in page
    assert offered(session) == []


def test_a_list_of_many_takes_as_many_queries_as_a_list_of_one(signed_in: FlaskClient, session: Session, grace: Mentor):
    make_offering(session, grace)
    session.commit()
    with count_queries() as one:
        signed_in.get(HERE)
    for number in range(10):
        make_booking(session, make_offering(session, grace), make_user(session), TEN - timedelta(weeks=number))
    session.commit()

    with count_queries() as many:
        assert signed_in.get(HERE).status_code == 200

    assert len(many) == len(one)
