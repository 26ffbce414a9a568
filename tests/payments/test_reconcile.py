"""`flask reconcile`: finds what no event told, heals what the rules say, and leaves the rest to a person, by name."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.states import BookingStatus
from marketplace.core.clock import utcnow
from marketplace.core.errors import GatewayUnavailable
from payments.domain.states import PaymentStatus
from payments.models.payouts import PayoutAccount
from payments.models.sales import Payment, Refund, StripeEvent
from payments.outbox import Outbox
from payments.reconciling.lines import Line, Result
from payments.reconciling.run import reconcile as reconciling
from payments.services.buy import Order
from payments.services.commands import want
from tests.jobs import run_jobs
from tests.operator.test_events import receive
from tests.payments.conftest import TEN
from tests.payments.test_commands import owed
from tests.payments.test_stripe_gateway import SOMETHING_ELSE, listen_in_vain
from tests.payments.test_till import lapse_here_only, made_and_died, payment_of, reread

CHECKOUTS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"


@pytest.fixture
def reconcile(till, session):
    def run() -> list[Line]:
        session.rollback()
        return list(reconciling(till()))

    return run


def results(lines):
    return [(line.result.value, line.thing.split()[0]) for line in lines]


def pay(session, bought, stripe_side):
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id))
    return payment


def intent_of(stripe_side, payment):
    return stripe_side.get(f"{CHECKOUTS}/{payment.stripe_session_id}")["payment_intent"]


def test_where_everything_agrees_nothing_is_said(reconcile, bought):
    assert reconcile() == []


def test_a_payment_that_nobody_told_of_is_taken(reconcile, session, bought, stripe_side):
    payment = pay(session, bought, stripe_side)

    found = reconcile()

    assert (found[0].result, found[0].thing) == (Result.HEALED, f"session {payment.stripe_session_id}")
    assert reread(session, bought).booking.state is BookingStatus.CONFIRMED
    assert reconcile() == []


def test_a_hold_that_ran_out_is_ended(reconcile, session, bought, clock):
    clock.advance(timedelta(minutes=36))

    found = reconcile()

    assert [(line.result, line.says) for line in found] == [(Result.HEALED, "was open, is expired")]
    assert reread(session, bought).booking.state is BookingStatus.EXPIRED
    assert reconcile() == []


def test_money_is_found_weeks_later_though_its_event_reached_the_database_that_was_lost(
    reconcile, session, bought, stripe_side, clock
):
    payment = pay(session, bought, stripe_side)
    lapse_here_only(session, bought)
    clock.advance(timedelta(days=8))

    found = reconcile()

    assert Line(Result.HEALED, f"session {payment.stripe_session_id}", "was not known here") in found
    assert payment_of(reread(session, bought)).status == PaymentStatus.PAID
    assert [refund["amount"] for refund in stripe_side.refunds()] == [payment.amount_minor]
    assert reconcile() == []


def test_an_event_that_stripe_could_not_deliver_is_taken_in(reconcile, session, bought, stripe_side):
    listen_in_vain(stripe_side)
    payment = pay(session, bought, stripe_side)

    reconcile()

    assert session.scalars(select(StripeEvent.object_id)).all() == [payment.stripe_session_id]


def test_a_session_whose_id_was_lost_is_known_again(reconcile, session, settings, till, ada, hour, stripe_side):
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    made = made_and_died(session, settings, payment_of(sale))

    assert reconcile() == [Line(Result.HEALED, f"session {made.id}", "was not known here")]
    assert payment_of(reread(session, sale)).stripe_session_id == made.id


@pytest.mark.parametrize("fault", ["500_before", "500_after_commit"])
def test_a_stored_500_is_got_round_in_one_run(reconcile, session, till, ada, hour, stripe_side, clock, fault):
    stripe_side.post("/_sandbox/faults", fault=fault, path=CHECKOUTS, times=1)
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    with pytest.raises(GatewayUnavailable):
        till().look(payment_of(sale).id)
    session.execute(text("UPDATE stripe_command SET spoilt = false"))  # the process died before it was noted
    session.commit()
    clock.advance(timedelta(minutes=1))

    found = reconcile()

    assert [line.result for line in found] == [Result.HEALED]
    assert payment_of(reread(session, sale)).stripe_session_id is not None


def paid_by_hand(session, payment, intent, minor):
    """As if somebody had changed the row, and no more than that."""
    payment.status, payment.paid_at, payment.paid_minor = "paid", utcnow(), minor
    payment.stripe_payment_intent_id = intent
    session.add(payment)
    session.commit()


def test_money_that_bought_nothing_is_owed_and_sent_back(reconcile, app, settings, session, bought, stripe_side):
    payment = pay(session, bought, stripe_side)
    lapse_here_only(session, bought)
    paid_by_hand(session, payment, intent_of(stripe_side, payment), 8050)

    first, second = reconcile()

    assert (first.result, first.says) == (Result.HEALED, "bought nothing, and is owed back now")
    assert (second.result, second.says) == (Result.HEALED, "was owed, is succeeded")
    assert [refund["amount"] for refund in stripe_side.refunds()] == [8050]
    run_jobs(app, settings)
    assert (reconcile(), len(stripe_side.refunds())) == ([], 1)


def test_a_second_payment_goes_back_and_the_first_one_stays(reconcile, session, till, bought, stripe_side):
    payment = pay(session, bought, stripe_side)
    till().look(payment.id)
    stray = stripe_side.post(CHECKOUTS, **SOMETHING_ELSE)
    stripe_side.pay(stray["id"])
    command = want(session, "checkout", "second", {}, now=utcnow())
    given = {
        "purchase_id": payment.purchase_id,
        "amount_minor": 900,
        "currency": "EUR",
        "stripe_session_id": stray["id"],
    }
    moments = dict.fromkeys(("expires_at", "created_at", "looked_at"), utcnow())
    second = Payment(public_id="second", command_id=command, last_fetch=0, **given, **moments)
    intent = stripe_side.get(f"{CHECKOUTS}/{stray['id']}")["payment_intent"]
    paid_by_hand(session, second, intent, 900)

    reconcile()

    assert session.execute(select(Refund.payment_id, Refund.reason)).all() == [(second.id, "second")]
    assert [(refund["amount"], refund["payment_intent"]) for refund in stripe_side.refunds()] == [(900, intent)]


def test_an_owed_refund_whose_job_was_lost_is_sent(reconcile, session, till, bought, stripe_side):
    owed(session, till, bought, stripe_side)
    session.execute(text("DELETE FROM procrastinate_jobs"))
    session.commit()

    assert [(line.result, line.says) for line in reconcile()] == [(Result.HEALED, "was owed, is succeeded")]
    assert reconcile() == []


def test_a_refund_that_stripe_refuses_is_left_with_its_reason(reconcile, session, till, bought, stripe_side):
    """The operator gave the money back by hand, so ours is refused; both are told of, until somebody settles it."""
    owed(session, till, bought, stripe_side)
    payment = session.scalars(select(Payment)).one()
    session.commit()
    stripe_side.post(REFUNDS, payment_intent=intent_of(stripe_side, payment))

    found = reconcile()

    assert results(found) == [("left", "refund"), ("left", "refund")]
    assert "made by hand" in found[0].says
    assert "Stripe refuses it" in found[1].says
    assert reconcile() == found


def test_a_refund_that_the_bank_sent_back_is_left(reconcile, session, till, bought, stripe_side):
    owed(session, till, bought, stripe_side)
    session.execute(text("UPDATE refund SET status = 'failed', stripe_refund_id = 're_sent_back'"))
    session.commit()

    assert [(line.result, line.says) for line in reconcile()] == [
        (Result.LEFT, "was sent back by the bank: pay it in another way")
    ]


def test_a_refund_that_turned_out_otherwise_at_stripe_is_looked_at(reconcile, session, till, bought, stripe_side):
    """Its event was lost."""
    refund = owed(session, till, bought, stripe_side)
    till().send_refund(refund.id)
    session.execute(text("UPDATE refund SET status = 'sent'"))
    session.commit()

    found = reconcile()

    assert [(line.result, line.says) for line in found] == [
        (Result.HEALED, "is succeeded at Stripe, and was sent here")
    ]
    assert session.scalars(select(Refund.status)).one() == "succeeded"


def test_a_refund_that_the_bank_sent_back_before_its_answer_was_stored_is_found_with_its_events(
    reconcile, client, session, till, bought, stripe_side, monkeypatch
):
    """Stripe repeats its first answer to a key that it knows: that the refund had succeeded."""
    refund = owed(session, till, bought, stripe_side)
    with monkeypatch.context() as dying:
        dying.setattr(Outbox, "_answered", died)
        with pytest.raises(KeyboardInterrupt):
            till().send_refund(refund.id)
    [made] = stripe_side.refunds()
    stripe_side.post(f"/_sandbox/refunds/{made['id']}/settle", outcome="fail")
    for event in stripe_side.events("refund.failed"):
        stripe_side.send(client, event)
    session.rollback()

    found = reconcile()

    assert session.scalars(select(Refund.status)).one() == "failed"
    assert [(line.result, line.says) for line in found] == [
        (Result.HEALED, "is failed at Stripe, and was owed here"),
        (Result.LEFT, "was sent back by the bank: pay it in another way"),
        (Result.HEALED, "was waiting"),
    ]


def died(*_asked):
    raise KeyboardInterrupt


def test_an_event_that_waits_is_acted_on(reconcile, client, session, bought, stripe_side):
    pay(session, bought, stripe_side)
    stripe_side.send(client, stripe_side.events("checkout.session.completed")[0])
    session.execute(text("DELETE FROM procrastinate_jobs"))
    session.commit()

    assert ("healed", "event") in results(reconcile())
    assert reconcile() == []


def test_an_event_of_something_unknown_is_left(reconcile, session):
    receive(session, 1)

    assert [(line.result, line.thing) for line in reconcile()] == [(Result.LEFT, "event evt_1 refund.updated")]


def test_a_second_session_of_a_payment_is_ended_so_that_nobody_pays_into_nothing(
    reconcile, session, bought, stripe_side
):
    payment = payment_of(reread(session, bought))
    stray = stripe_side.post(CHECKOUTS, **SOMETHING_ELSE, **{"metadata[payment]": payment.public_id})

    assert reconcile() == [Line(Result.HEALED, f"session {stray['id']}", "stood open beside another one")]
    assert stripe_side.get(f"{CHECKOUTS}/{stray['id']}")["status"] == "expired"
    assert payment_of(reread(session, bought)).stripe_session_id == payment.stripe_session_id
    assert reconcile() == []


@pytest.mark.parametrize("whose", ["ours", "nobodys"])
def test_a_paid_session_that_no_payment_stands_for_is_left(reconcile, session, bought, stripe_side, whose):
    name = payment_of(reread(session, bought)).public_id if whose == "ours" else "gone"
    stray = stripe_side.post(CHECKOUTS, **SOMETHING_ELSE, **{"metadata[payment]": name})
    stripe_side.pay(stray["id"])

    found = [(line.result, line.thing) for line in reconcile() if not line.thing.startswith("charge ")]
    assert found == [(Result.LEFT, f"session {stray['id']}")]


def test_an_open_session_of_another_site_is_left_alone(reconcile, app, stripe_side):
    stray = stripe_side.post(CHECKOUTS, **SOMETHING_ELSE, **{"metadata[payment]": "another sites"})

    assert reconcile() == []
    assert stripe_side.get(f"{CHECKOUTS}/{stray['id']}")["status"] == "open"


def test_all_at_once_is_healed_and_a_second_run_finds_nothing(
    reconcile, session, till, bought, alan, hour, stripe_side, clock
):
    """Nothing that Stripe sent has arrived: Ada's late money for a taken time, and Alan's for it."""
    lapse_here_only(session, bought)
    alans = till().buy(Order(alan, hour.mentor_id, hour.id, TEN))
    till().open_checkout(payment_of(alans).id)
    for session_id in session.scalars(select(Payment.stripe_session_id)).all():
        stripe_side.pay(str(session_id))
    session.execute(text("DELETE FROM procrastinate_jobs"))
    session.commit()

    found = reconcile()

    assert {line.result for line in found} == {Result.HEALED}
    assert reread(session, alans).booking.state is BookingStatus.CONFIRMED
    assert [refund["amount"] for refund in stripe_side.refunds()] == [8050]
    assert reconcile() == []


def test_the_command_prints_what_it_found_and_fails_if_something_is_left(app, session, bought, stripe_side):
    pay(session, bought, stripe_side)
    receive(session, 1)

    first, second = run(app), run(app)

    assert first.exit_code == second.exit_code == 1
    assert first.output.splitlines()[-1] == "1 healed, 1 left to you."
    assert second.output.splitlines()[-1] == "0 healed, 1 left to you."
    assert "left    event evt_1 refund.updated  It names an object that this site does not know." in second.output


def test_the_command_is_glad_when_all_agrees(app, bought):
    result = run(app)

    assert (result.exit_code, result.output) == (0, "Everything agrees with Stripe.\n")


def run(app):
    with app.app_context():
        return app.test_cli_runner().invoke(args=["reconcile"])


def account_of(session, sale):
    account = session.get_one(PayoutAccount, sale.purchase.mentor_id)
    session.rollback()
    return account


def test_a_mentor_who_can_be_paid_no_more_is_found(reconcile, session, bought, stripe_side):
    stripe_side.post(f"/_sandbox/accounts/{account_of(session, bought).stripe_account_id}", given="nothing")

    found = reconcile()

    assert [(line.result, line.says) for line in found] == [(Result.HEALED, "transfers were active, are restricted")]
    assert reconcile() == []


def test_a_mentor_whose_account_stripe_does_not_know_is_left(reconcile, session, bought):
    session.execute(text("UPDATE payout_account SET stripe_account_id = 'acct_of_nobody'"))
    session.commit()

    found = [*reconcile(), *reconcile()]

    assert [line.result for line in found] == [Result.LEFT] * 2
    assert all("the mentor cannot be paid" in line.says for line in found)
