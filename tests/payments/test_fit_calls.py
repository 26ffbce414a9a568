"""Booking a fit call over the pages: four questions first, every refusal with a way on, and answers for two people."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.fit_calls import Question
from booking.models.bookings import Booking, BookingAnswer
from booking.queries.fit_calls import answers_of
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from marketplace.core.mail import WRITERS, MailRow
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.factories import make_mentor, make_offering
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.test_views import press_pay, the_booking
from tests.web import ANSWERS, csrf, inputs, sign_in

DAY = timedelta(days=1)


@pytest.fixture
def call(session: Session) -> Offering:
    mentor = make_mentor(session)
    make_offering(session, mentor)
    offering = make_offering(session, mentor, kind="fit_call")
    session.commit()
    return offering


@pytest.fixture
def signed_in(client: FlaskClient, ada: User) -> FlaskClient:
    sign_in(client, ada)
    return client


def bookings(session: Session) -> list[Booking]:
    session.rollback()
    return list(session.scalars(select(Booking)))


def page_of(session: Session, offering: Offering) -> str:
    slug = session.scalar(select(Mentor.slug).where(Mentor.id == offering.mentor_id))
    session.commit()
    return f"/mentors/{slug}"


def test_the_questions_stand_where_the_call_is_booked(signed_in: FlaskClient, session: Session, call: Offering):
    page = signed_in.get(f"{page_of(session, call)}?offering={call.id}&start={instant(TEN)}")

    for question in (
        "What do you want to get better at?",
        "Why now?",
        "What have you tried?",
        "What would make this call",
    ):
        assert question in page.text
    assert all(f'name="{name}"' in page.text for name in ANSWERS)
    assert 'name="agenda"' not in page.text


def test_an_ordinary_session_does_not_ask_them(signed_in: FlaskClient, session: Session, call: Offering):
    page = signed_in.get(f"{page_of(session, call)}?start={instant(TEN)}")

    assert "Pay and book" in page.text
    assert not any(f'name="{name}"' in page.text for name in ANSWERS)


def test_answers_are_kept_with_the_call(signed_in: FlaskClient, session: Session, call: Offering):
    answer = press_pay(signed_in, session, call, **ANSWERS)

    booking = the_booking(session)
    assert answer.location == f"/sessions/{booking.public_id}"
    assert answers_of(session, booking.id) == {Question(name): text for name, text in ANSWERS.items()}


@pytest.mark.parametrize("missing", ANSWERS)
def test_what_was_answered_stays_when_one_answer_is_missing(
    signed_in: FlaskClient, session: Session, call: Offering, missing: str
):
    given = {**ANSWERS, missing: "  \n "}

    page = press_pay(signed_in, session, call, **given)

    assert page.status_code == 422
    assert "A sentence is enough, but write one." in page.text
    assert f'href="#{missing}"' in page.text
    assert all(text in unescape(page.text) for name, text in given.items() if name != missing)
    assert f'value="{instant(TEN)}"' in page.text
    assert bookings(session) == []


@pytest.mark.parametrize(
    "absurd",
    [
        pytest.param("x" * 1001, id="too long"),
        pytest.param("a\x00b", id="a control character"),
        pytest.param("\u202eevil", id="turns the direction"),
        pytest.param("\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + "\x1b[31m", id="escape"),
    ],
)
def test_absurd_answers_get_an_error_by_the_field(
    signed_in: FlaskClient, session: Session, call: Offering, absurd: str
):
    page = press_pay(signed_in, session, call, **{**ANSWERS, "tried": absurd})

    assert page.status_code == 422
    assert 'id="tried-error"' in page.text
    assert bookings(session) == []


def test_answers_stay_when_somebody_else_was_faster(
    signed_in: FlaskClient, session: Session, call: Offering, alan: User
):
    make_booking(session, call, alan, TEN)

    page = press_pay(signed_in, session, call, **ANSWERS)
    free = page.text.split('name="start" value="')[1].partition('"')[0]
    again = signed_in.post(
        page_of(session, call) + "/holds",
        data={"csrf_token": csrf(signed_in, "/account"), "offering": str(call.id), "start": free, **ANSWERS},
    )

    assert page.status_code == 409
    assert "Tue 8 Dec, 10:00 is gone" in words(page)
    assert all(text in unescape(page.text) for text in ANSWERS.values())
    assert again.status_code == 303
    assert len(bookings(session)) == 2


def test_answers_stay_while_another_time_is_given_back(
    signed_in: FlaskClient, session: Session, call: Offering, hour: Offering
):
    press_pay(signed_in, session, hour)

    page = press_pay(
        signed_in, session, call, **{**ANSWERS, "better": "“Quotes” & <b>\nlines"}, start=instant(TEN + DAY)
    )

    assert page.status_code == 409
    assert "Give it back and book Wed 9 Dec, 10:00 instead" in words(page)
    assert inputs(page.text)["better"] == "“Quotes” & <b>\nlines"
    assert inputs(page.text)["worth"] == ANSWERS["worth"]


def test_who_presses_twice_sees_what_was_booked(signed_in: FlaskClient, session: Session, call: Offering):
    first = press_pay(signed_in, session, call, **ANSWERS)

    again = press_pay(signed_in, session, call, **ANSWERS)

    assert (again.status_code, again.location) == (303, first.location)
    assert len(bookings(session)) == 1


def test_a_second_call_with_a_mentor_is_refused_with_what_comes_next(
    signed_in: FlaskClient, session: Session, call: Offering
):
    first = press_pay(signed_in, session, call, **ANSWERS)

    page = press_pay(signed_in, session, call, **ANSWERS, start=instant(TEN + DAY))

    assert page.status_code == 422
    assert "one fit call with each mentor" in words(page)
    assert f'href="{first.location}"' in page.text
    assert "Single session, 1 hour" in words(page)
    assert len(bookings(session)) == 1


def test_a_third_call_ahead_is_refused_with_the_two(signed_in: FlaskClient, session: Session, call: Offering):
    others = [make_offering(session, make_mentor(session, f"Edsger {n}"), kind="fit_call") for n in range(2)]
    booked = [
        press_pay(signed_in, session, other, **ANSWERS, start=instant(TEN + DAY * n)).location
        for n, other in enumerate(others)
    ]

    page = press_pay(signed_in, session, call, **ANSWERS, start=instant(TEN + DAY * 2))

    assert page.status_code == 422
    assert "two fit calls ahead of you" in words(page)
    assert all(f'href="{each}"' in page.text for each in booked)


def test_the_mentors_page_says_so_before_a_time_is_chosen(signed_in: FlaskClient, session: Session, call: Offering):
    press_pay(signed_in, session, call, **ANSWERS)

    page = signed_in.get(f"{page_of(session, call)}?offering={call.id}")

    assert "one fit call with each mentor" in words(page)
    assert "Times for: Single session" in words(page)
    assert 'class="times' not in page.text


def test_both_read_the_answers_and_nobody_else_does(
    app: Flask, signed_in: FlaskClient, session: Session, call: Offering, alan: User
):
    page = press_pay(signed_in, session, call, **ANSWERS).location
    mentor, other = app.test_client(), app.test_client()
    sign_in(mentor, session.get_one(User, call.mentor_id))
    sign_in(other, alan)

    for reader in (signed_in, mentor):
        told = words(reader.get(page))
        assert "What have you tried? A list on the wall. It is still there." in told
    assert other.get(page).status_code == 404


def test_the_mentor_reads_them_in_the_letter_and_the_mentee_does_not(
    signed_in: FlaskClient, session: Session, call: Offering, ada: User
):
    press_pay(signed_in, session, call, **{**ANSWERS, "better": "<script>alert(1)</script>"})

    letters = {row.user_id: WRITERS[row.fact](session, row) for row in session.scalars(select(MailRow))}

    to_mentor, to_mentee = letters[call.mentor_id], letters[ada.id]
    assert to_mentor is not None
    assert to_mentee is not None
    assert "What have you tried?\nA list on the wall. It is still there." in to_mentor.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in to_mentor.html
    assert "What have you tried?" not in to_mentee.text + to_mentee.html


@pytest.mark.parametrize("absurd", ["9" * 30, "9" * 5000, "-1", "x", ""])
def test_an_absurd_offering_is_none(signed_in: FlaskClient, session: Session, call: Offering, absurd: str):
    answer = press_pay(signed_in, session, call, **{**ANSWERS, "offering": absurd})

    assert (answer.status_code, answer.location) == (303, page_of(session, call))
    assert bookings(session) == []


def test_a_form_for_a_session_keeps_no_answers(signed_in: FlaskClient, session: Session, hour: Offering):
    press_pay(signed_in, session, hour, **ANSWERS)

    assert session.scalars(select(BookingAnswer)).all() == []
