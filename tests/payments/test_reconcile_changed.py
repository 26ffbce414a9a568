"""`flask reconcile` against a Stripe that was changed behind our back: each is found, and healed or told in words."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from payments.domain.states import PaymentStatus
from payments.models.sales import Payment
from payments.reconciling.balance import LATE, REACH
from payments.reconciling.lines import Result
from payments.reconciling.run import reconcile as reconciling
from payments.services.reconcile_runs import is_due, keep_run, runs
from tests.jobs import run_jobs, sweep
from tests.pages.reading import words
from tests.payments.test_reconcile import intent_of
from tests.payments.test_returns import give, olga, returning
from tests.payments.test_stripe_gateway import SOMETHING_ELSE
from tests.payments.test_till import payment_of, reread
from tests.payments.test_transfers import TRANSFERS, at_stripe, earned, pay_out
from tests.web import csrf, sign_in

__all__ = ["earned", "give", "olga", "returning"]


@pytest.fixture
def reconcile(till, session):
    def run():
        session.rollback()
        return list(reconciling(till()))

    return run


@pytest.fixture
def an_hour_later(sold, till, clock):
    """Stripe has told what it kept, and nothing is just on its way."""
    till().book_fee(sold.payment.id)
    clock.advance(timedelta(hours=2))
    return sold


def test_where_all_agrees_nothing_is_said_of_the_balance(reconcile, an_hour_later):
    assert reconcile() == []


@pytest.mark.parametrize(("part", "sum_"), [({"amount": 1000}, "€10.00"), ({}, "€80.50")])
def test_a_refund_that_was_made_by_hand_is_told_with_its_sum(
    reconcile, session, an_hour_later, stripe_side, part, sum_
):
    payment = payment_of(reread(session, an_hour_later))
    stripe_side.post("/v1/refunds", payment_intent=intent_of(stripe_side, payment), **part)

    [line] = reconcile()

    says = f"{sum_} was made by hand for payment {payment.public_id}: this site does not count it; do not give it again"
    assert (line.result, line.says) == (Result.LEFT, says)


def test_what_this_site_took_back_itself_is_not_told_as_done_by_hand(
    app, settings, reconcile, session, earned, give, stripe_side, clock
):
    pay_out(app, settings, clock)
    give(earned, 2300)
    run_jobs(app, settings)
    clock.advance(timedelta(hours=2))

    assert [line for line in reconcile() if line.result is Result.LEFT] == []


def test_a_transfer_that_was_reversed_by_hand_beside_ours_is_told_with_the_difference(
    app, settings, reconcile, session, earned, give, stripe_side, clock
):
    pay_out(app, settings, clock)
    give(earned, 2300)
    run_jobs(app, settings)
    [made] = at_stripe(stripe_side)
    stripe_side.post(f"{TRANSFERS}/{made['id']}/reversals", amount=100)

    [line] = [line for line in reconcile() if line.result is Result.LEFT]

    assert "€1.00 of it was taken back by hand at Stripe" in line.says


def test_a_reversal_that_was_not_asked_for_in_time_is_healed(
    app, settings, reconcile, session, earned, give, stripe_side, clock
):
    pay_out(app, settings, clock)
    give(earned, 2300)
    session.execute(text("DELETE FROM procrastinate_jobs"))
    session.commit()

    healed = [line for line in reconcile() if line.result is Result.HEALED]

    assert "was to be taken back" in [line.says for line in healed]
    assert [each["amount_reversed"] for each in at_stripe(stripe_side)] == [2000]


def test_a_charge_that_nobody_knows_is_told(reconcile, an_hour_later, stripe_side):
    stray = stripe_side.post("/v1/checkout/sessions", **{**SOMETHING_ELSE, "metadata[payment]": ""})
    stripe_side.pay(stray["id"])

    lines = [line for line in reconcile() if line.thing.startswith("charge ")]

    assert [line.result for line in lines] == [Result.LEFT]
    assert "came in, and this site knows nothing of it" in lines[0].says


def test_a_payment_that_stripe_has_not_booked_is_told(reconcile, session, an_hour_later):
    session.execute(text("UPDATE payment SET stripe_payment_intent_id = 'pi_of_nobody'"))
    session.commit()

    said = [line.says for line in reconcile()]

    assert "€80.50 is in our books, and Stripe has booked no such charge" in said


def test_a_payment_that_became_known_long_after_it_was_charged_is_not_missed(
    reconcile, session, till, bought, stripe_side, clock
):
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    clock.advance(REACH + LATE + timedelta(days=1))
    till().look(payment_of(bought).id)
    till().book_fee(payment_of(bought).id)
    clock.advance(timedelta(hours=2))

    assert "Stripe has booked no such charge" not in " ".join(line.says for line in reconcile())
    assert payment_of(reread(session, bought)).status == PaymentStatus.PAID


def test_a_refund_that_stripe_has_not_booked_is_told(
    app, settings, reconcile, session, earned, give, stripe_side, clock
):
    give(earned, 2300)
    run_jobs(app, settings)
    session.execute(text("UPDATE refund SET stripe_refund_id = 're_of_nobody'"))
    session.commit()
    clock.advance(timedelta(hours=2))

    said = [line.says for line in reconcile()]

    assert "€23.00 is in our books as given back, and Stripe has booked no such refund" in said


def test_another_fee_than_stripe_kept_is_told(reconcile, session, an_hour_later):
    session.execute(text("UPDATE payment SET stripe_fee_minor = stripe_fee_minor - 1"))
    session.commit()

    [line] = [line for line in reconcile() if line.thing.startswith("charge ")]

    assert line.says.startswith("Stripe kept €1.46 of payment")


def test_a_payment_whose_event_was_lost_is_found(reconcile, session, bought, stripe_side):
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id))

    assert [line.result for line in reconcile()] == [Result.HEALED]
    assert session.get_one(Payment, payment.id, populate_existing=True).status == PaymentStatus.PAID


def test_the_worker_looks_once_a_day_and_keeps_what_it_found(app, settings, session, bought, stripe_side, clock):
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id))
    session.commit()
    sweep(app, "payments:nightly")
    run_jobs(app, settings)
    first = [line["result"] for run in runs(session) for line in run.lines]
    session.rollback()
    sweep(app, "payments:nightly")
    run_jobs(app, settings)
    due = is_due(session, utcnow()), is_due(session, utcnow() + timedelta(hours=24))

    assert first == ["healed"]
    assert due == (False, True)


def test_what_was_kept_too_long_is_dropped(session, clock):
    keep_run(session, [], by="worker", now=utcnow())
    clock.advance(timedelta(days=91))
    keep_run(session, [], by="command", now=utcnow())
    session.commit()

    assert session.execute(text("SELECT by FROM reconcile_run")).scalars().all() == ["command"]


def test_the_operator_reads_what_was_healed_and_left_and_has_it_looked_at_now(
    app, settings, client, session, olga, clock
):
    sign_in(client, session.get_one(User, olga))
    page = "/operator/reconcile"
    empty = words(client.get(page))
    line = {"result": "left", "thing": "refund re_1", "says": "was made by hand"}
    healed = {"result": "healed", "thing": "session cs_1", "says": "was not known here"}
    keep_run(session, [line, healed], by="worker", now=utcnow())
    session.commit()

    shown = words(client.get(page))
    answer = client.post(page, data={"csrf_token": csrf(client, page)})

    assert "It has not run yet." in empty
    assert "Left to you (1) refund re_1: was made by hand" in shown
    assert "Healed (1) session cs_1: was not known here" in shown
    assert answer.status_code == 303
    clock.advance(timedelta(minutes=1))
    run_jobs(app, settings)
    assert "Everything agreed with Stripe." in words(client.get(page))
