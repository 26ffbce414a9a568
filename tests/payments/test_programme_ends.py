"""Ending a programme without fault: whoever presses, what is unused goes back at once, and each cent is somewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.services.hold import NotBookable
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from payments.disputing import Disputing
from payments.models.programmes import Programme
from payments.models.sales import Payment, Refund
from payments.queries.ledger import balances, violations
from payments.queries.settling import unsettled
from payments.services.book_bought import NothingToBook
from payments.services.end_programme import EndChanged, EndWish, NothingToEnd, end_programme
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.factories import make_mentor, make_programme
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.programmes import GROSS, WEEK, book_next, buy_programme, parts_of, to_book

ALL, UNUSED = sum(GROSS), sum(GROSS[1:])


@pytest.fixture
def offering(session):
    found = make_programme(session, make_mentor(session))
    session.commit()
    return found


@pytest.fixture
def sale(session, till, ada, offering, stripe_side):
    return buy_programme(session, till(), ada, offering, stripe_side.pay)


def end(session, sale, by=Canceller.MENTEE, agreed=ALL):
    person = sale.purchase.mentee_id if by is Canceller.MENTEE else sale.purchase.mentor_id
    end_programme(session, sale.purchase.id, EndWish(by, person, agreed), now=utcnow())
    session.commit()


def sums(session):
    session.rollback()
    return list(session.scalars(select(Refund.amount_minor).order_by(Refund.amount_minor)))


def whole(session):
    session.rollback()
    return (violations(session), unsettled(session)) == ([], [])


def bank(session, settings, dispute):
    Disputing(session, StripeGateway(settings), utcnow()).look(dispute)
    session.commit()


@pytest.mark.parametrize("by", [Canceller.MENTEE, Canceller.MENTOR])
def test_all_goes_back_while_nothing_has_begun_whoever_ends_it(app, settings, session, sale, stripe_side, by):
    end(session, sale, by)
    run_jobs(app, settings)

    assert sorted(each["amount"] for each in stripe_side.refunds()) == sorted([GROSS[0], UNUSED])
    assert balances(session)["mentee_prepaid", "EUR"] == 0
    assert whole(session)


def test_what_has_taken_place_stays_earned(app, settings, session, sale, clock):
    clock.set(TEN + timedelta(hours=50))
    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    end(session, sale, agreed=UNUSED)
    run_jobs(app, settings)

    assert sums(session) == [UNUSED]
    assert balances(session)["mentee_prepaid", "EUR"] == 0
    assert balances(session)["site_fees", "EUR"] == -1200
    assert whole(session)


@pytest.mark.parametrize(
    ("by", "back"),
    [
        pytest.param(Canceller.MENTEE, GROSS[0] // 2, id="by the mentee: half of what is past its limit"),
        pytest.param(Canceller.MENTOR, GROSS[0], id="by the mentor: all of it"),
    ],
)
def test_what_is_booked_goes_back_by_the_policy_that_was_sold(session, sale, clock, by, back):
    clock.set(TEN - timedelta(hours=1))

    end(session, sale, by, agreed=UNUSED + back)

    assert sums(session) == [back, UNUSED]
    assert whole(session)


def test_another_sum_than_was_read_is_asked_about(session, sale, clock):
    clock.set(TEN - timedelta(hours=1))

    with pytest.raises(EndChanged):
        end(session, sale)
    session.rollback()

    assert session.scalars(select(Programme.ended_at)).all() == [None]
    assert sums(session) == []


def test_it_ends_once_and_nothing_is_booked_of_it_after(session, till, sale):
    end(session, sale)

    with pytest.raises(NothingToEnd):
        end(session, sale, Canceller.MENTOR)
    session.rollback()
    with pytest.raises(NothingToBook):
        book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    assert len(sums(session)) == 2


def test_the_database_refuses_to_book_what_went_back(session, sale):
    end(session, sale)
    parts_of(session, sale.purchase.id)[1].to_book = False

    with pytest.raises(IntegrityError) as refused:
        session.flush()
    assert violated(refused.value) == "returned_is_final"


def test_both_are_told_once_each(session, sale):
    end(session, sale)

    told = session.scalars(select(MailRow.user_id).where(MailRow.fact == "payments:programme_ended")).all()
    assert sorted(told) == sorted([sale.purchase.mentee_id, sale.purchase.mentor_id])


def test_a_chargeback_stops_booking_until_it_is_won(app, settings, session, till, sale, stripe_side):
    intent = session.scalars(select(Payment.stripe_payment_intent_id)).one()
    session.commit()
    dispute = stripe_side.post(f"/_sandbox/payments/{intent}/dispute")["dispute"]["id"]
    bank(session, settings, dispute)
    with pytest.raises(NotBookable):
        book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    session.rollback()

    stripe_side.post(f"/_sandbox/disputes/{dispute}/decide", decision="won")
    bank(session, settings, dispute)

    book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    assert whole(session)


def test_a_lost_chargeback_ends_it_and_gives_nothing_back_twice(app, settings, session, till, sale, stripe_side):
    book_next(till(), sale.purchase.id, TEN + WEEK, 2)
    intent = session.scalars(select(Payment.stripe_payment_intent_id)).one()
    session.commit()
    dispute = stripe_side.post(f"/_sandbox/payments/{intent}/dispute")["dispute"]["id"]
    stripe_side.post(f"/_sandbox/disputes/{dispute}/decide", decision="lost")
    bank(session, settings, dispute)
    run_jobs(app, settings)

    assert set(session.scalars(select(Booking.status))) == {BookingStatus.CANCELLED_BY_OPERATOR}
    assert to_book(session, sale.purchase.id) == []
    assert (sums(session), stripe_side.refunds()) == ([], [])
    assert whole(session)


def test_a_warning_of_fraud_gives_all_back_once(app, settings, session, sale, stripe_side):
    intent = session.scalars(select(Payment.stripe_payment_intent_id)).one()
    session.commit()
    warning = stripe_side.post(f"/_sandbox/payments/{intent}/warn")["warning"]["id"]
    Disputing(session, StripeGateway(settings), utcnow()).look_at_warning(warning)
    session.commit()
    run_jobs(app, settings)

    assert sum(sums(session)) == sum(GROSS)
    assert session.scalar(select(func.count()).select_from(Programme).where(Programme.ended_at.is_not(None))) == 1
    assert whole(session)


def test_who_withdraws_within_the_fourteen_days_has_all_back_that_has_not_begun(
    session, settings, ada, offering, stripe_side, clock
):
    """The policy alone would give half of the session that is booked."""
    eu = replace(settings, withdrawal="eu")
    till = Till(session, StripeGateway(eu), eu, utcnow())
    sale = buy_programme(session, till, ada, offering, stripe_side.pay, early=True)
    clock.set(TEN - timedelta(hours=1))

    end(session, sale)

    assert sums(session) == [GROSS[0], UNUSED]
    assert whole(session)
