"""What a mentor's state means for everybody else: who sees the page, who can book, and what stays as it was."""

from datetime import UTC, date, datetime

import pytest

from booking.domain.boundaries import Envelope
from booking.services.hold import NotBookable, hold_slots
from marketplace.accounts.models import User
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.web import csrf, sign_in

START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
NOT_PUBLIC = ["draft", "submitted", "changes_wanted", "suspended"]


@pytest.fixture
def ada(session):
    user = make_user(session)
    session.commit()
    return user


def mentor_in(session, status, **given):
    mentor = make_mentor(session, slug="grace", status=status, **given)
    return mentor, make_offering(session, mentor)


@pytest.mark.parametrize("status", NOT_PUBLIC)
def test_a_page_that_is_not_public_is_there_for_the_mentor_alone(app, session, ada, status):
    grace, _ = mentor_in(session, status)
    user, olga = session.get_one(User, grace.id), make_user(session, "Olga Example", is_operator=True)
    session.commit()
    answers = {}
    for who, person in {"a visitor": None, "Ada": ada, "Olga": olga, "Grace": user}.items():
        client = app.test_client()
        if person:
            sign_in(client, person)
        answers[who] = client.get("/mentors/grace")

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "a visitor": 404,
        "Ada": 404,
        "Olga": 404,
        "Grace": 200,
    }
    assert "nothing can be booked" in words(answers["Grace"])
    assert "Grace" not in words(answers["a visitor"])


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (None, "takes no new bookings at the moment. Sessions that are booked"),
        (date(2027, 1, 11), "takes no new bookings at the moment, and is free again from Monday 11 January."),
        (date(2026, 12, 1), "takes no new bookings at the moment. Sessions that are booked"),
    ],
)
def test_a_mentor_on_a_break_is_found_by_name_and_says_until_when(client, session, day, told):
    mentor_in(session, "paused", free_again_on=day)
    session.commit()

    page = client.get("/mentors/grace")

    assert page.status_code == 200
    assert told in words(page)
    assert "Grace Example" not in words(client.get("/"))


@pytest.mark.parametrize("status", [*NOT_PUBLIC, "paused"])
def test_nobody_can_hold_a_time_of_a_mentor_who_is_not_there(session, ada, status):
    _, offering = mentor_in(session, status)

    with pytest.raises(NotBookable):
        hold_slots(
            session,
            offering=offering,
            mentee_id=ada.id,
            starts=[START],
            held_until=TUESDAY,
            now=TUESDAY,
            envelope=Envelope(),
            site_meeting_url="https://meet.example.org/site",
        )


@pytest.mark.parametrize(("status", "answer"), [*((status, 404) for status in NOT_PUBLIC), ("paused", 422)])
def test_nor_over_the_web(client, session, ada, status, answer):
    _, offering = mentor_in(session, status)
    session.commit()
    sign_in(client, ada)

    data = {"csrf_token": csrf(client, "/account"), "offering": str(offering.id), "start": "2026-12-08T09:30Z"}

    assert client.post("/mentors/grace/holds", data=data).status_code == answer


@pytest.mark.parametrize("status", ["paused", "suspended"])
def test_what_was_sold_before_takes_place(client, session, ada, status):
    grace, offering = mentor_in(session, "approved")
    make_sale(session, offering, ada, START, public_id="adas")
    grace.status = status
    if status == "suspended":
        grace.reason, grace.suspended_from = "A complaint.", "approved"
    session.commit()
    sign_in(client, ada)

    page = client.get("/sessions/adas")

    assert "This session is confirmed." in words(page)
    assert "Join the session" in words(page)
    assert ("/mentors/grace" in page.text) is (status == "paused")


MENTORS_PAGES = {
    "/desk": 200,
    "/desk/profile": 200,
    "/desk/profile/basics": 200,
    "/desk/profile/photo": 200,
    "/week": 200,
    "/sessions": 200,
    "/sessions/adas": 200,
    "/account": 200,
    "/calendar": 200,
    "/mentors/grace": 200,
}


def test_a_suspended_mentor_reads_why_and_still_reaches_what_is_theirs(client, session, ada):
    grace, offering = mentor_in(session, "suspended", reason="There were complaints.\nWrite to us.")
    make_sale(session, offering, ada, START, public_id="adas")
    user = session.get_one(User, grace.id)
    session.commit()
    sign_in(client, user)

    assert {path: client.get(path).status_code for path in MENTORS_PAGES} == MENTORS_PAGES
    desk = words(client.get("/desk"))
    assert "There were complaints. Write to us." in desk
    assert "Sessions that are booked take place as agreed." in desk
    assert "Send it in" not in desk
    assert "Take a break" not in desk


@pytest.mark.parametrize("act", ["submit", "withdraw", "pause", "resume"])
def test_and_cannot_lift_it(client, session, act):
    grace, _ = mentor_in(session, "suspended")
    user = session.get_one(User, grace.id)
    session.commit()
    sign_in(client, user)

    answer = client.post(f"/desk/{act}", data={"csrf_token": csrf(client, "/account")})

    assert answer.status_code == 409
    session.expire_all()
    assert grace.status == "suspended"
