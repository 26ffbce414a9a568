"""What a mentor has earned is transferred once, out of the charge that it came from, and agrees with the books."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import count
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import text

from booking.domain.states import Canceller
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.money import Money
from marketplace.doctor import waiting
from marketplace.doctor.finding import Level, Patient
from marketplace.doctor.rules_of_money import RULES
from payments.domain.states import TransferStatus
from payments.models.payouts import PayoutAccount, Transfer
from payments.paying import Paying
from payments.queries.ledger import balances, violations
from payments.queries.transfers import sessions_to_transfer, share_of
from payments.reconciling.lines import Result
from payments.reconciling.run import reconcile
from payments.stripe_api.gateway import StripeGateway
from payments.stripe_api.transfers import StripeTransfers
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_cancel import cancel
from tests.payments.test_outcomes import CLOSES, come_to_an_end
from tests.races.points import Dead, Points, watched

TRANSFERS = "/v1/transfers"
LATE = TEN - timedelta(hours=2)
TICK = timedelta(minutes=6)


@pytest.fixture
def earned(app, settings, session, sold, clock):
    """The session took place, and the time for complaints is over; nobody has been paid yet."""
    come_to_an_end(app, settings, clock)
    session.rollback()
    return sold


@pytest.fixture
def paying(session, settings):
    return lambda: Paying(session, StripeGateway(settings), utcnow())


def pay_out(app, settings, clock):
    """The sweep finds it, and the worker sends it."""
    clock.advance(TICK)
    sweep(app, "payments:sweep", "payments:pay")
    run_jobs(app, settings)


def at_stripe(stripe_side):
    return stripe_side.get(TRANSFERS, limit=100)["data"]


def rows(session):
    session.rollback()
    session.expire_all()
    found = session.query(Transfer).order_by(Transfer.booking_id).all()
    session.rollback()
    return found


def payable(session):
    owed = -balances(session)["mentor_payable", "EUR"]
    session.rollback()
    return owed


def account_of(session, sale):
    account = session.get_one(PayoutAccount, sale.purchase.mentor_id)
    session.rollback()
    return account


def think(session, stripe_side, sale, given):
    stripe_side.post(f"/_sandbox/accounts/{account_of(session, sale).stripe_account_id}", given=given)


def test_what_took_place_is_paid_when_the_time_for_complaints_is_over(
    app, settings, session, earned, stripe_side, clock
):
    before = payable(session)

    pay_out(app, settings, clock)

    [made] = at_stripe(stripe_side)
    [intent] = {stripe_side.get(f"/v1/charges/{made['source_transaction']}")["payment_intent"]}
    assert (made["amount"], made["currency"]) == (7000, "eur")
    assert made["destination"] == account_of(session, earned).stripe_account_id
    assert (intent, made["transfer_group"]) == (earned.payment.stripe_payment_intent_id, earned.payment.public_id)
    assert (before, payable(session)) == (7000, 0)
    assert [(row.status, row.stripe_transfer_id) for row in rows(session)] == [(TransferStatus.SENT, made["id"])]
    assert violations(session) == []


def test_nothing_is_paid_before(app, settings, session, sold, stripe_side, clock):
    come_to_an_end(app, settings, clock, CLOSES - timedelta(minutes=10))

    pay_out(app, settings, clock)

    assert (at_stripe(stripe_side), rows(session)) == ([], [])


def test_it_is_paid_once_however_often_it_is_swept(app, settings, session, earned, stripe_side, clock):
    for _ in range(3):
        pay_out(app, settings, clock)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert sessions_to_transfer(session, utcnow()) == []


def test_what_is_kept_of_a_late_cancellation_is_paid_too(app, settings, session, sold, stripe_side, clock):
    clock.set(LATE)
    cancel(session, sold, Canceller.MENTEE, 4025)

    pay_out(app, settings, clock)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [3500]
    assert (payable(session), violations(session)) == (0, [])


def test_who_cannot_be_paid_waits_and_is_paid_later(app, settings, session, earned, stripe_side, clock):
    think(session, stripe_side, earned, "papers_are_wanted")
    pay_out(app, settings, clock)
    while_waiting = at_stripe(stripe_side), payable(session)

    think(session, stripe_side, earned, "everything")
    clock.advance(timedelta(hours=1))
    pay_out(app, settings, clock)
    pay_out(app, settings, clock)

    assert while_waiting == ([], 7000)
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]


def test_the_capability_is_looked_up_before_each_transfer(session, earned, paying, stripe_side):
    """Our row says active: no event has told otherwise."""
    think(session, stripe_side, earned, "nothing")

    paying().pay(earned.booking.id)

    assert at_stripe(stripe_side) == []
    session.expire_all()
    assert account_of(session, earned).transfers == "restricted"


@pytest.mark.parametrize("fault", ["cut_after_commit", "500_after_commit", "500_before", "lock_timeout"])
def test_an_answer_that_is_lost_pays_nobody_twice(session, earned, paying, stripe_side, fault):
    stripe_side.post("/_sandbox/faults", fault=fault, path=TRANSFERS)
    with suppress(GatewayUnavailable):
        paying().pay(earned.booking.id)

    paying().pay(earned.booking.id)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert (payable(session), violations(session)) == (0, [])


@pytest.mark.parametrize("number", range(0, 20, 2))
def test_whoever_dies_at_whatever_point_the_mentor_is_paid_once(
    app, settings, session, earned, stripe_side, clock, number
):
    with watched(Points(number)) as points, suppress(Dead):
        Paying(session, StripeGateway(settings), utcnow()).pay(earned.booking.id)
    session.rollback()

    pay_out(app, settings, clock)

    assert len(points.seen) > number or number >= 14  # beyond the last point nobody dies
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert (payable(session), violations(session)) == (0, [])


def pay_at_once(app, settings, booking_id):
    """Four workers have the same job at one moment."""

    def pay(_number):
        with app.app_context(), suppress(GatewayUnavailable):
            Paying(db.session(), StripeGateway(settings), utcnow()).pay(booking_id)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(pay, range(4)))


@pytest.fixture
def kept(session, sold, clock):
    """Less than half of what was paid: twice of it would still fit into the charge."""
    clock.set(LATE)
    cancel(session, sold, Canceller.MENTEE, 4025)
    session.rollback()
    return sold


def test_several_workers_at_one_moment_pay_once(app, settings, session, kept, stripe_side):
    pay_at_once(app, settings, kept.booking.id)
    pay_at_once(app, settings, kept.booking.id)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [3500]
    assert (payable(session), violations(session)) == (0, [])


def test_control_with_a_new_key_each_time_they_pay_twice(app, settings, kept, stripe_side, monkeypatch):
    create, numbers, both_are_there = StripeTransfers.create, count(), Barrier(2, timeout=5)

    def create_anew(transfers, params, key):
        with suppress(BrokenBarrierError):
            both_are_there.wait()
        return create(transfers, params, f"{key}-{next(numbers)}")

    monkeypatch.setattr(StripeTransfers, "create", create_anew)

    pay_at_once(app, settings, kept.booking.id)

    assert len(at_stripe(stripe_side)) > 1


def test_what_stripe_refuses_is_left_and_asked_again_by_reconciling(
    app, settings, session, till, earned, paying, stripe_side, clock
):
    """Somebody has transferred from the charge by hand, and takes it back."""
    charge = stripe_side.get(f"/v1/payment_intents/{earned.payment.stripe_payment_intent_id}")["latest_charge"]
    to = account_of(session, earned).stripe_account_id
    by_hand = stripe_side.post(TRANSFERS, amount=2000, currency="eur", destination=to, source_transaction=charge)
    paying().pay(earned.booking.id)
    clock.advance(TICK)
    waits = sessions_to_transfer(session, utcnow())
    session.rollback()

    found = [(line.result, line.says) for line in reconcile(till())]

    assert waits == []
    assert [result for result, _ in found] == [Result.LEFT] * 2
    assert any("Stripe refuses it: " in says for _, says in found)
    assert any("was made by hand" in says for _, says in found)
    assert by_hand["amount"] == 2000
    assert (payable(session), violations(session)) == (7000, [])


def test_a_transfer_that_is_missing_at_stripe_is_left_to_a_person(app, settings, session, till, earned, clock):
    pay_out(app, settings, clock)
    session.execute(text("UPDATE transfer SET stripe_transfer_id = 'tr_of_nobody'"))
    session.commit()

    found = list(reconcile(till()))

    assert all(line.result is Result.LEFT for line in found)
    assert any("is not at Stripe" in line.says for line in found)


def test_what_was_taken_back_by_hand_is_left_to_a_person(app, settings, session, till, earned, stripe_side, clock):
    pay_out(app, settings, clock)
    [made] = at_stripe(stripe_side)
    stripe_side.post(f"{TRANSFERS}/{made['id']}/reversals", amount=100)

    [line] = reconcile(till())

    assert (line.result, "€1.00 of it was taken back by hand at Stripe" in line.says) == (Result.LEFT, True)


def test_reconciling_pays_what_no_sweep_has_paid(session, till, earned, stripe_side):
    [line] = reconcile(till())

    assert (line.result, line.says) == (Result.HEALED, "was earned and not transferred")
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert list(reconcile(till())) == []


def broken(session, settings):
    patient = Patient(session, settings, utcnow())
    found = [rule.check(patient) for rule in RULES]
    session.rollback()
    return [each.says for each in found if each.level is Level.BROKEN]


def test_nobody_is_paid_out_of_what_went_back(app, settings, session, earned, stripe_side, clock):
    """As no path of ours brings about: a refund of nearly all beside a session that took place."""
    session.execute(text("SET session_replication_role = replica"))
    session.execute(
        text(
            "INSERT INTO stripe_command (kind, business_key, idempotency_key, params, created_at, status)"
            " VALUES ('refund', 'refund-x', 'refund-x', '{}', now(), 'done')"
        )
    )
    session.execute(
        text(
            "INSERT INTO refund (payment_id, reason, amount_minor, currency, status, command_id, stripe_refund_id,"
            " created_at, looked_at) SELECT :payment, 'second', 5000, 'EUR', 'succeeded', id, 're_x', now(), now()"
            " FROM stripe_command WHERE business_key = 'refund-x'"
        ),
        {"payment": earned.payment.id},
    )
    session.commit()

    pay_out(app, settings, clock)

    assert (at_stripe(stripe_side), rows(session)) == ([], [])


def test_the_doctor_sees_when_more_was_transferred_than_is_left(app, settings, session, earned, clock):
    pay_out(app, settings, clock)
    before = broken(session, settings)
    session.execute(text("UPDATE transfer SET amount_minor = amount_minor + 1"))
    session.commit()

    assert before == []
    assert any("more was transferred than is left" in says for says in broken(session, settings))


def test_what_was_earned_and_what_was_transferred_are_one_list(app, settings, session, earned, clock):
    pay_out(app, settings, clock)

    shares = [share_of(session, earned.booking.id)]

    assert shares == [Money(row.amount_minor, row.currency) for row in rows(session)]


def test_the_doctor_waits_an_hour_for_what_was_earned(session, settings, earned, clock):
    at_once = waiting.transfers(Patient(session, settings, utcnow()))
    session.rollback()
    clock.advance(timedelta(minutes=61))

    later = waiting.transfers(Patient(session, settings, utcnow()))

    assert (at_once.level, later.level) == (Level.OK, Level.ATTENTION)
    assert later.says == "what mentors have earned by 1 session should be on its way by now"


def test_the_doctor_names_what_stripe_refuses(session, settings, earned, paying, stripe_side):
    charge = stripe_side.get(f"/v1/payment_intents/{earned.payment.stripe_payment_intent_id}")["latest_charge"]
    to = account_of(session, earned).stripe_account_id
    stripe_side.post(TRANSFERS, amount=2000, currency="eur", destination=to, source_transaction=charge)
    paying().pay(earned.booking.id)

    found = waiting.transfers(Patient(session, settings, utcnow()))

    assert found.level is Level.ATTENTION
    assert found.says == f"Stripe refuses 1 transfer: session {earned.booking.public_id}"
