"""A programme is one purchase of several sessions: paid once, booked one after the other, earned one by one."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.services.hold import NotBookable, SlotTaken
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from payments.models.programmes import Programme, SessionBefore
from payments.models.sales import Payment, Purchase, Refund
from payments.queries.ledger import balances, violations
from payments.queries.settling import unsettled
from payments.services.book_bought import BookedMeanwhile, NothingToBook
from payments.services.buy import Order
from payments.services.cancel import Wish, cancel_session
from payments.services.money_back import NoMoneyToTake, take_money_back
from tests.factories import make_mentor, make_programme
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.programmes import GROSS, WEEK, book_next, buy_programme, parts_of, to_book

LATE = timedelta(hours=1)


@pytest.fixture
def offering(session):
    found = make_programme(session, make_mentor(session))
    session.commit()
    return found


@pytest.fixture
def sale(session, till, ada, offering, stripe_side):
    return buy_programme(session, till(), ada, offering, stripe_side.pay)


def cancel(session, booking, by=Canceller.MENTEE, agreed=0):
    person = booking.mentee_id if by is Canceller.MENTEE else booking.mentor_id
    cancel_session(session, booking.id, Wish(by, person, "", agreed), now=utcnow())
    session.commit()


def sums(session):
    session.rollback()
    return list(session.scalars(select(Refund.amount_minor).order_by(Refund.id)))


def test_it_is_one_payment_for_all_and_freezes_a_row_for_each_at_the_rate_of_its_number(session, sale):
    parts = parts_of(session, sale.purchase.id)

    assert [each.gross_minor for each in parts] == GROSS
    assert [each.share_minor for each in parts] == [8000] * 6
    assert (sale.purchase.gross_minor, sale.purchase.price_minor) == (sum(GROSS), 48000)
    assert session.scalars(select(Payment.paid_minor)).all() == [sum(GROSS)]


def test_only_the_first_session_is_held_and_the_others_are_to_be_booked(session, sale):
    assert to_book(session, sale.purchase.id) == [2, 3, 4, 5, 6]
    assert session.scalars(select(Booking.status)).all() == [BookingStatus.CONFIRMED]


def test_sessions_that_the_pair_had_before_count_for_the_rate_of_each(session, till, ada, offering, stripe_side, sale):
    again = till().buy(Order(ada, offering.mentor_id, offering.id, TEN + WEEK))

    first = parts_of(session, again.purchase.id)
    assert [each.gross_minor for each in first] == [9200, 9200, 8960, 8960, 8960, 8960]


def test_the_course_is_frozen_with_the_sale(session, sale, offering):
    offering.milestones, offering.cadence_days, offering.minutes = "Other words", 3, 30
    session.commit()

    programme = session.get_one(Programme, sale.purchase.id)
    assert (programme.minutes, programme.cadence_days) == (60, 14)
    assert programme.milestones.startswith("You know what staff means here")
    programme.cadence_days = 3
    with pytest.raises(IntegrityError) as refused:
        session.flush()
    assert violated(refused.value) == "sold_is_frozen"


def test_the_next_one_is_booked_out_of_what_was_bought_and_nothing_is_charged(session, till, sale, stripe_side):
    booking = book_next(till(), sale.purchase.id, TEN + WEEK, 2)

    assert booking.state is BookingStatus.CONFIRMED
    assert to_book(session, sale.purchase.id) == [3, 4, 5, 6]
    assert session.scalars(select(Payment.id)).all() == [sale.payment.id]
    told = session.scalars(select(MailRow.user_id).where(MailRow.key == booking.public_id)).all()
    assert sorted(told) == sorted([booking.mentee_id, booking.mentor_id])


def test_pressing_twice_books_once(session, till, sale):
    first = book_next(till(), sale.purchase.id, TEN + WEEK, 2)

    assert book_next(till(), sale.purchase.id, TEN + WEEK, 2).id == first.id
    assert to_book(session, sale.purchase.id) == [3, 4, 5, 6]


def test_another_tab_that_speaks_of_a_session_booked_meanwhile_is_told(till, sale):
    book_next(till(), sale.purchase.id, TEN + WEEK, 2)

    with pytest.raises(BookedMeanwhile):
        book_next(till(), sale.purchase.id, TEN + 2 * WEEK, 2)


def test_a_programme_has_no_more_sessions_than_were_bought(session, till, sale):
    for number in range(2, 7):
        book_next(till(), sale.purchase.id, TEN + (number - 1) * WEEK, number)

    assert to_book(session, sale.purchase.id) == []
    with pytest.raises(NothingToBook):
        book_next(till(), sale.purchase.id, TEN + 7 * WEEK, 7)


def test_the_same_boundaries_hold_as_for_any_booking(till, sale):
    with pytest.raises(NotBookable):
        book_next(till(), sale.purchase.id, TEN - timedelta(days=2), 2)  # a Sunday
    with pytest.raises(SlotTaken):
        book_next(till(), sale.purchase.id, TEN, 2)


def test_a_mentor_who_is_paused_takes_no_more_and_one_who_cannot_be_paid_keeps_what_was_sold(session, till, sale):
    mentor = session.get_one(Mentor, sale.purchase.mentor_id)
    mentor.can_be_paid = False
    session.commit()

    book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    mentor.status = "paused"
    session.commit()

    with pytest.raises(NotBookable):
        book_next(till(), sale.purchase.id, TEN + 2 * WEEK, 3)


def test_the_database_refuses_a_second_use_of_a_session(session, till, sale):
    other = book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    first = parts_of(session, sale.purchase.id)[0]
    first.booking_id = None

    with pytest.raises(IntegrityError) as refused:
        session.flush()
    assert violated(refused.value) == "session_is_used_once"
    session.rollback()
    assert other.id == parts_of(session, sale.purchase.id)[1].booking_id


def test_called_off_in_time_it_stays_bought_and_nothing_goes_back(session, sale):
    cancel(session, sale.booking)

    assert to_book(session, sale.purchase.id) == [1, 2, 3, 4, 5, 6]
    assert (sums(session), unsettled(session), violations(session)) == ([], [], [])


@pytest.mark.parametrize("by", [Canceller.MENTOR, Canceller.MENTEE])
def test_what_was_called_off_is_booked_again_and_the_old_booking_stays_known(session, till, sale, by):
    cancel(session, sale.booking, by)

    booking = book_next(till(), sale.purchase.id, TEN + WEEK, 1)

    assert parts_of(session, sale.purchase.id)[0].booking_id == booking.id
    assert session.scalars(select(SessionBefore.booking_id)).all() == [sale.booking.id]
    assert (sums(session), unsettled(session), violations(session)) == ([], [], [])


def test_called_off_late_half_goes_back_and_the_session_is_used_up(app, settings, session, sale, clock):
    clock.set(TEN - LATE)

    cancel(session, sale.booking, agreed=4600)
    run_jobs(app, settings)

    assert (sums(session), to_book(session, sale.purchase.id)) == ([4600], [2, 3, 4, 5, 6])
    assert (violations(session), unsettled(session)) == ([], [])
    assert balances(session)["mentor_payable", "EUR"] == -4000


def test_the_mentee_may_have_its_money_instead_of_booking_it_again_once(app, settings, session, sale, stripe_side):
    cancel(session, sale.booking, Canceller.MENTOR)

    take_money_back(session, sale.booking.id, now=utcnow())
    session.commit()
    run_jobs(app, settings)

    assert [each["amount"] for each in stripe_side.refunds()] == [9200]
    assert to_book(session, sale.purchase.id) == [2, 3, 4, 5, 6]
    assert (violations(session), unsettled(session)) == ([], [])
    with pytest.raises(NoMoneyToTake):
        take_money_back(session, sale.booking.id, now=utcnow())


def test_the_money_of_a_session_that_is_booked_again_cannot_be_taken(session, till, sale):
    cancel(session, sale.booking)
    book_next(till(), sale.purchase.id, TEN + WEEK, 1)

    with pytest.raises(NoMoneyToTake):
        take_money_back(session, sale.booking.id, now=utcnow())


def test_each_session_is_earned_once_it_was_held_and_what_is_unused_is_not(app, settings, session, till, sale, clock):
    second = book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    clock.set(second.ends_at + timedelta(hours=49))
    for name in ("payments:sweep", "payments:pay"):
        sweep(app, name)
        run_jobs(app, settings)

    books = balances(session)
    assert books["mentee_prepaid", "EUR"] == -sum(GROSS[2:])
    assert books["site_fees", "EUR"] == -2400
    assert (violations(session), unsettled(session)) == ([], [])


def test_a_code_is_spread_over_all_of_its_sessions(session, till, ada, offering, stripe_side):
    """And what is called off gives back what was paid for it, after the discount."""

    def pay_with_code(there):
        stripe_side.post(f"/_sandbox/sessions/{there}/discount", amount_off=5448)
        stripe_side.pay(there)

    sale = buy_programme(session, till(), ada, offering, pay_with_code)
    cancel(session, sale.booking)
    take_money_back(session, sale.booking.id, now=utcnow())
    session.commit()

    assert [each.discount_minor for each in parts_of(session, sale.purchase.id)] == [920, 920, 920, 896, 896, 896]
    assert (sums(session), violations(session), unsettled(session)) == ([8280], [], [])


def test_a_late_payment_revives_the_first_session_and_buys_all_of_them(
    session, till, ada, offering, stripe_side, clock
):
    sale = till().buy(Order(ada, offering.mentor_id, offering.id, TEN))
    assert sale.payment is not None
    till().open_checkout(sale.payment.id)
    session.refresh(sale.payment)
    stripe_side.pay(str(sale.payment.stripe_session_id))
    clock.advance(timedelta(minutes=36))
    till().look(sale.payment.id)
    session.expire_all()

    assert session.get_one(Purchase, sale.purchase.id).status == "sold"
    assert to_book(session, sale.purchase.id) == [2, 3, 4, 5, 6]


def test_a_hold_that_is_given_back_leaves_nothing_to_book(session, till, ada, offering):
    sale = till().buy(Order(ada, offering.mentor_id, offering.id, TEN))
    assert sale.payment is not None
    till().look(sale.payment.id, give_back=True)

    with pytest.raises(NothingToBook):
        book_next(till(), sale.purchase.id, TEN + WEEK, 2)
