"""Cancelling and its money: what is due goes back once, whoever presses when, and however often it is settled."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.states import BookingStatus, Canceller
from booking.services.ahead import AlreadyCancelled
from booking.services.cancel import NotCancellable
from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.sales import Refund, StripeCommand
from payments.queries.ledger import balances, violations
from payments.queries.settling import unsettled
from payments.queries.transfers import share_of
from payments.reconciling.lines import Result
from payments.reconciling.run import reconcile
from payments.services.buy import Order
from payments.services.cancel import SumChanged, Wish, cancel_session
from payments.services.settle import settle_session
from tests.factories import make_offering
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_till import payment_of, reread

ALL, HALF = 8050, 4025
LATE = TEN - timedelta(hours=1)


def cancel(session, sale, by=Canceller.MENTEE, agreed=ALL, *, person=None, reason=""):
    sides = {Canceller.MENTEE: sale.booking.mentee_id, Canceller.MENTOR: sale.booking.mentor_id}
    wish = Wish(by, person or sides[by], reason, agreed)
    cancel_session(session, sale.booking.id, wish, now=utcnow())
    session.commit()


def refunds(session):
    session.rollback()
    return session.scalars(select(Refund).order_by(Refund.id), execution_options={"populate_existing": True}).all()


def sums(session):
    return [refund.amount_minor for refund in refunds(session)]


def at_stripe(stripe_side):
    return [each["amount"] for each in stripe_side.refunds()]


def test_in_time_all_goes_back_to_the_mentee(app, settings, session, sold, stripe_side):
    cancel(session, sold)
    run_jobs(app, settings)

    assert at_stripe(stripe_side) == [ALL]
    assert [(each.status, each.booking_id) for each in refunds(session)] == [(RefundStatus.SUCCEEDED, sold.booking.id)]
    assert reread(session, sold).booking.state is BookingStatus.CANCELLED_BY_MENTEE


def test_late_half_goes_back_and_the_rest_is_earned_in_the_frozen_ratio(app, settings, session, sold, clock):
    clock.set(LATE)
    cancel(session, sold, agreed=HALF)
    run_jobs(app, settings)

    books = balances(session)
    assert sums(session) == [HALF]
    assert (books["mentor_payable", "EUR"], books["site_fees", "EUR"]) == (-3500, -525)
    assert books["mentee_prepaid", "EUR"] == 0
    assert violations(session) == []


@pytest.mark.parametrize("by", [Canceller.MENTOR, Canceller.OPERATOR])
def test_who_is_not_the_mentee_gives_all_back_at_any_notice(session, sold, clock, alan, by):
    clock.set(TEN - timedelta(seconds=1))

    cancel(session, sold, by, person=alan.id if by is Canceller.OPERATOR else None, reason="The site is closed.")

    assert sums(session) == [ALL]


def test_a_fit_call_is_cancelled_too_and_no_money_moves(session, till, ada, hour):
    call = make_offering(session, session.get_one(Mentor, hour.mentor_id), kind="fit_call")
    session.commit()
    free = till().buy(Order(ada, hour.mentor_id, call.id, TEN))

    cancel(session, free, agreed=0)

    assert reread(session, free).booking.state is BookingStatus.CANCELLED_BY_MENTEE
    assert (refunds(session), unsettled(session), violations(session)) == ([], [], [])
    assert till().buy(Order(ada, hour.mentor_id, call.id, TEN)).booking.state is BookingStatus.CONFIRMED


@pytest.mark.parametrize("agreed", [HALF, ALL + 1, 0, None])
def test_nothing_is_done_for_another_sum_than_was_read(session, sold, agreed):
    with pytest.raises(SumChanged):
        cancel(session, sold, agreed=agreed)

    assert refunds(session) == []
    assert reread(session, sold).booking.state is BookingStatus.CONFIRMED


def test_a_limit_that_passes_between_reading_and_pressing_is_asked_about(session, sold, clock):
    clock.set(TEN - timedelta(hours=24) + timedelta(seconds=1))

    with pytest.raises(SumChanged):
        cancel(session, sold, agreed=ALL)


def test_the_second_one_is_refused_and_changes_nothing(session, sold, clock):
    clock.set(LATE)
    cancel(session, sold, Canceller.MENTOR)

    with pytest.raises(AlreadyCancelled):
        cancel(session, sold, agreed=HALF)

    assert sums(session) == [ALL]


def test_after_the_start_it_is_too_late(session, sold, clock):
    clock.set(TEN)

    with pytest.raises(NotCancellable):
        cancel(session, sold, Canceller.MENTOR)

    assert refunds(session) == []


def test_settling_again_from_nothing_changes_nothing(app, settings, session, sold, clock, stripe_side):
    clock.set(LATE)
    cancel(session, sold, agreed=HALF)
    for _ in range(2):
        settle_session(session, sold.booking.id, now=utcnow())
        session.commit()
        run_jobs(app, settings)
        sweep(app, "payments:sweep")

    assert at_stripe(stripe_side) == [HALF]
    assert share_of(session, sold.booking.id) == Money(3500, "EUR")
    assert (violations(session), unsettled(session)) == ([], [])


def test_a_session_that_was_cancelled_past_us_is_found_and_settled(session, till, sold, stripe_side):
    """As if its row had come from elsewhere: facts are enough."""
    session.execute(
        text("UPDATE booking SET status = 'cancelled_by_mentor', cancelled_by = mentor_id, cancelled_at = created_at")
    )
    session.commit()
    found = unsettled(session)
    session.commit()

    lines = list(reconcile(till()))

    assert [public_id for _, public_id in found] == [sold.booking.public_id]
    assert (Result.HEALED, f"session {sold.booking.public_id}") in [(line.result, line.thing) for line in lines]
    assert at_stripe(stripe_side) == [ALL]
    assert (unsettled(session), violations(session)) == ([], [])


def test_what_stripe_refuses_stays_owed_and_in_the_operators_queue(app, settings, session, sold, stripe_side):
    """Somebody has given it back in Stripe's dashboard meanwhile."""
    intent = payment_of(sold).stripe_payment_intent_id
    stripe_side.post("/v1/refunds", payment_intent=str(intent), amount=ALL)

    cancel(session, sold)
    run_jobs(app, settings)

    command = session.get_one(StripeCommand, refunds(session)[0].command_id)
    assert command.status == CommandStatus.REFUSED
    assert refunds(session)[0].status == RefundStatus.OWED
    assert at_stripe(stripe_side) == [ALL]


def test_both_are_told_once_with_what_it_means_for_them(session, sold, clock):
    clock.set(LATE)
    cancel(session, sold, agreed=HALF)
    settle_session(session, sold.booking.id, now=utcnow())

    rows = session.scalars(select(MailRow).where(MailRow.fact == "booking:cancelled")).all()
    told = {row.user_id: (row.sequence, row.arguments["lines"]) for row in rows}
    assert told == {
        sold.booking.mentee_id: (
            1,
            ["€40.25 of €80.50 goes back to the card or account that you paid with. Banks take 5 to 10 days."],
        ),
        sold.booking.mentor_id: (1, ["You earn €35.00 for it, since it was cancelled late."]),
    }


def test_what_an_operator_does_stands_in_the_log_and_what_people_do_does_not(session, till, sold, alan):
    cancel(session, sold, Canceller.OPERATOR, person=alan.id, reason="The mentor is ill.")

    [entry] = session.scalars(select(AuditEntry)).all()
    assert (entry.what, entry.actor_id, entry.about_id) == ("payments:cancelled", alan.id, sold.booking.mentee_id)
    assert (entry.subject, entry.reason) == (sold.booking.public_id, "The mentor is ill.")


def test_the_time_can_be_bought_by_somebody_else_at_once(session, till, sold, hour, alan):
    cancel(session, sold)

    again = till().buy(Order(alan, hour.mentor_id, hour.id, TEN))

    assert again.booking.state is BookingStatus.HELD
