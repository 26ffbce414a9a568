"""Ending a mentorship and what was bought for it: one page that says what it comes to, and one press."""

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.mentorships.models.pairs import StandingChange
from payments.models.programmes import Programme
from payments.models.sales import Payment, Refund
from tests.factories import make_programme
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.mentorships.test_pages import at, queries_of
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.web import inputs, submit


@pytest.fixture
def programme(session, grace, ada, pair):
    """Six sessions at 92 euros each, fee included; the first is in two weeks."""
    course = make_programme(session, grace, position=1)
    _, purchase = make_sale(session, course, ada, NEXT_TUESDAY + WEEK)
    paid = session.execute(select(Payment).where(Payment.purchase_id == purchase.id)).scalar_one()
    paid.paid_minor = purchase.gross_minor
    session.commit()
    return purchase


def page_of(client, pair):
    return client.get(f"{at(pair)}/end").text


def press(client, pair, page, **changed):
    return client.post(f"{at(pair)}/end", data={**inputs(page), **changed})


def test_the_page_says_in_sums_what_becomes_of_both_and_one_press_does_it(session, adas, graces, pair, programme):
    page = adas.get(f"{at(pair)}/end")
    for said in (
        "You get €552.00 back.",
        "“From senior to staff” ends with it 5 sessions that are not booked, all of it €460.00",
        "which is called off (Europe/Stockholm) €92.00 Goes back €552.00",
        "What stays booked",
        "Single session, Tue 8 Dec, 10:30",
        "three in ten pairs do not fit",
    ):
        assert said in words(page)

    answer = press(adas, pair, page.text)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{at(pair)}/onwards")
    session.expire_all()
    assert (pair.standing, session.get_one(Programme, programme.id).ended_by) == ("ended", pair.mentee_id)
    assert sorted(session.scalars(select(Refund.amount_minor))) == [9200, 46000]
    assert session.scalars(select(Booking.status).where(Booking.public_id == "s3")).one() == BookingStatus.CONFIRMED
    assert "Ada Example ended it." in words(graces.get(at(pair)))


def test_who_presses_second_finds_it_ended_and_nothing_goes_back_twice(session, adas, graces, pair, programme):
    hers, graces_page = page_of(adas, pair), page_of(graces, pair)
    press(adas, pair, hers)

    answers = [press(graces, pair, graces_page), press(adas, pair, hers)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [change.by_id for change in session.scalars(select(StandingChange))] == [pair.mentee_id]
    assert sorted(session.scalars(select(Refund.amount_minor))) == [9200, 46000]


@pytest.mark.parametrize("told", ["", "purchase1:1", "{programme}:55199", "{programme}:55200,other:1", "x"])
def test_another_sum_than_was_read_is_shown_and_asked_again(session, adas, pair, programme, told):
    answer = press(adas, pair, page_of(adas, pair), backs=told.format(programme=programme.public_id))

    assert answer.status_code == 409
    assert "What goes back has changed since you opened this page." in words(answer)
    session.expire_all()
    assert (pair.standing, session.get_one(Programme, programme.id).ended_at) == ("open", None)
    assert press(adas, pair, answer.text).status_code == 303


def test_a_mentor_ends_it_and_reads_what_the_mentee_gets(session, graces, pair, programme):
    page = graces.get(f"{at(pair)}/end")
    assert "Ada Example gets €552.00 back." in words(page)

    assert press(graces, pair, page.text).status_code == 303

    assert sorted(session.scalars(select(Refund.amount_minor))) == [9200, 46000]


def test_without_a_programme_nothing_goes_back_and_what_is_written_later_is_kept(session, adas, graces, pair):
    page = page_of(adas, pair)
    assert "gets" not in page
    press(adas, pair, page)

    assert submit(adas, f"{at(pair)}/check-in", progress="5").status_code == 303
    assert adas.get(f"{at(pair)}/end").status_code == 303


def test_each_of_the_two_endings_leads_to_the_other(adas, pair, programme):
    assert f"/purchases/{programme.public_id}/end" in adas.get(at(pair)).text
    lead = f"/purchases/{programme.public_id}/end-both"
    assert lead in adas.get(f"/purchases/{programme.public_id}/end").text
    assert adas.get(lead).headers["Location"] == f"{at(pair)}/end"


def test_the_page_takes_as_many_queries_for_many_sessions_as_for_one(session, adas, pair, programme, offering, ada):
    few = len(queries_of(adas, f"{at(pair)}/end"))
    for weeks in range(2, 12):
        make_sale(session, offering, ada, NEXT_TUESDAY + weeks * WEEK)
    session.commit()

    assert len(queries_of(adas, f"{at(pair)}/end")) == few
