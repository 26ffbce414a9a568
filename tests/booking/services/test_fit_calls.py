"""Fit calls are few: one with each mentor, two ahead; sessions are not counted among them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.fit_calls import Question
from booking.domain.states import BookingStatus
from booking.models.bookings import BookingAnswer
from booking.queries.fit_calls import answers_of
from booking.services.fit_calls import FitCallHad, FitCallsAhead, require_fit_call
from booking.services.hold import SlotTaken
from booking.services.settle_hold import confirm, end_hold
from marketplace.accounts.models import User
from marketplace.core.db import violated
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import TEN, make_booking
from tests.booking.services.test_hold import WEDNESDAY_TEN, hold
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.queries import count_queries

DAY = timedelta(days=1)
ANSWERS = {Question.WORTH: "One sentence.", Question.BETTER: "Saying no.", Question.TRIED: "A list."}


@pytest.fixture
def call(session: Session) -> Offering:
    return make_offering(session, make_mentor(session), kind="fit_call")


def another(session: Session) -> Offering:
    return make_offering(session, make_mentor(session, "Edsger Example"), kind="fit_call")


def test_there_is_one_fit_call_with_a_mentor(session: Session, call: Offering, ada: User):
    first = hold(session, call, ada)
    confirm(session, first, now=TUESDAY)

    with pytest.raises(FitCallHad) as refused:
        hold(session, call, ada, WEDNESDAY_TEN + DAY)

    assert [each.public_id for each in refused.value.calls] == [first.public_id]


def test_one_that_took_place_long_ago_was_the_one(session: Session, call: Offering, ada: User):
    make_booking(session, call, ada, TEN - 28 * DAY, status=BookingStatus.COMPLETED)

    with pytest.raises(FitCallHad):
        hold(session, call, ada)


def test_another_offering_of_the_same_mentor_is_the_same_fit_call(session: Session, call: Offering, ada: User):
    hold(session, call, ada)
    call.active = False
    session.flush()
    renewed = make_offering(session, session.get_one(Mentor, call.mentor_id), kind="fit_call", title="Hello")

    with pytest.raises(FitCallHad):
        hold(session, renewed, ada, WEDNESDAY_TEN + DAY)


def test_one_that_was_given_back_leaves_the_next_one_free(session: Session, call: Offering, ada: User):
    end_hold(session, hold(session, call, ada), now=TUESDAY, given_back=True)

    assert hold(session, call, ada).state is BookingStatus.HELD


def test_two_are_ahead_at_most(session: Session, ada: User):
    first, second, third = another(session), another(session), another(session)
    for number, offering in enumerate((first, second)):
        confirm(session, hold(session, offering, ada, WEDNESDAY_TEN + number * DAY), now=TUESDAY)

    with pytest.raises(FitCallsAhead) as refused:
        hold(session, third, ada, WEDNESDAY_TEN + 2 * DAY)

    assert [each.mentor_id for each in refused.value.calls] == [first.mentor_id, second.mentor_id]
    assert hold(session, third, ada, WEDNESDAY_TEN + 2 * DAY, now=WEDNESDAY_TEN).state is BookingStatus.HELD


def test_somebody_elses_do_not_count(session: Session, call: Offering, ada: User):
    alan = make_user(session, "Alan Example")
    for number in range(2):
        hold(session, another(session), alan, WEDNESDAY_TEN + number * DAY)

    assert hold(session, call, ada).state is BookingStatus.HELD


def test_sessions_are_not_counted_and_not_limited(session: Session, call: Offering, ada: User):
    for number in range(2):
        hold(session, another(session), ada, WEDNESDAY_TEN + number * DAY)
    hour = make_offering(session, make_mentor(session, "Katherine Example"))

    booked = [hold(session, hour, ada, WEDNESDAY_TEN + number * DAY) for number in (2, 5)]

    assert [each.state for each in booked] == [BookingStatus.HELD] * 2


def test_a_taken_time_is_a_taken_time_for_a_fit_call_too(session: Session, call: Offering, ada: User):
    hold(session, call, make_user(session, "Alan Example"))

    with pytest.raises(SlotTaken):
        hold(session, call, ada)


def test_asking_takes_one_query_however_many_there_were(session: Session, call: Offering, ada: User):
    for number in range(4):
        make_booking(session, another(session), ada, TEN - number * DAY, status=BookingStatus.COMPLETED)
    mentee_id = ada.id

    with count_queries() as statements:
        require_fit_call(session, call, mentee_id, TUESDAY)

    assert len(statements) == 1


def test_answers_are_kept_in_the_order_of_the_questions(session: Session, call: Offering, ada: User):
    booking = hold(session, call, ada, answers=ANSWERS)

    assert list(answers_of(session, booking.id).items()) == [
        (Question.BETTER, "Saying no."),
        (Question.TRIED, "A list."),
        (Question.WORTH, "One sentence."),
    ]


@pytest.mark.parametrize(
    ("question", "answer", "constraint"),
    [
        pytest.param("why", "Because.", "question_is_known", id="another question"),
        pytest.param("worth", "  ", "answer_says_something", id="nothing"),
    ],
)
def test_the_database_keeps_no_other_answers(
    session: Session, call: Offering, ada: User, question: str, answer: str, constraint: str
):
    session.add(BookingAnswer(booking_id=hold(session, call, ada).id, question=question, answer=answer))

    with pytest.raises(IntegrityError) as refused:
        session.flush()

    assert violated(refused.value) == constraint


def test_a_mentor_offers_one_fit_call_at_a_time(session: Session, call: Offering):
    mentor = session.get_one(Mentor, call.mentor_id)
    make_offering(session, mentor, kind="fit_call", active=False)

    with pytest.raises(IntegrityError) as refused:
        make_offering(session, mentor, kind="fit_call")

    assert violated(refused.value) == "one_fit_call_on_offer"
