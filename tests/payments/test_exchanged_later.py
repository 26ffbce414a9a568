"""What goes back of a payment that Stripe has exchanged is exchanged too, at the rate of that day: the difference is
in the books, and they agree with Stripe's balance in each currency."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.states import Canceller
from marketplace.core.clock import utcnow
from payments.disputing import Disputing
from payments.models.sales import FETCH_NUMBER, Refund
from payments.queries.exchanges import exchanged_later
from payments.queries.ledger import balances, violations
from payments.reconciling.lines import NOT_EXCHANGED, Result
from payments.reconciling.run import reconcile
from payments.services.refund import apply_refund
from payments.stripe_api.gateway import StripeGateway
from tests.jobs import run_jobs, sweep
from tests.pages.reading import words
from tests.payments.test_cancel import cancel
from tests.payments.test_discounts import buy_with
from tests.payments.test_exchange import olga
from tests.races.points import Dead, Points, watched
from tests.web import sign_in

__all__ = ["buy_with", "olga"]

DOLLARS, YEN = ("usd", "1.085", "1.1", "1.07"), ("jpy", "1.632", "1.58", "1.7")
"""Into what, and so much for one minor unit: when it is paid, when it goes, and when it comes again."""


@pytest.fixture(
    params=[pytest.param(DOLLARS, id="into dollars"), pytest.param(YEN, id="into yen", marks=pytest.mark.slow)]
)
def rates(request):
    return request.param


@pytest.fixture
def sale(stripe_side, buy_with, rates):
    """€80.50 are paid, and Stripe holds another currency for it. What it kept is not known yet."""
    stripe_side.post("/_sandbox/balance_transactions/exchange", currency=rates[0], rate=rates[1])
    for rate in rates[2:]:
        stripe_side.post("/_sandbox/balance_transactions/exchange_back", rate=rate)
    return buy_with()


@pytest.fixture
def refund(session, sale):
    cancel(session, sale, Canceller.MENTOR, 8050)
    found = session.scalars(select(Refund.id)).one()
    session.commit()
    return found


@pytest.fixture
def bank(session, settings, stripe_side, sale):
    def does(path, **what):
        body = stripe_side.post(f"/_sandbox/{path}", **what)["dispute"]
        assert Disputing(session, StripeGateway(settings), utcnow()).look(body["id"])
        session.rollback()
        return body["id"]

    return does


def held_at_stripe(stripe_side):
    return Counter({each["currency"].upper(): each["amount"] for each in stripe_side.get("/v1/balance")["available"]})


def held_in_the_books(session):
    found = Counter(
        {code: minor for (account, code), minor in balances(session).items() if account == "stripe_clearing"}
    )
    session.rollback()
    return found


def agrees(session, stripe_side):
    """In each currency, the one of the sale included, in which Stripe holds nothing."""
    ours, theirs = held_in_the_books(session), held_at_stripe(stripe_side)
    assert {code: ours[code] for code in ours | theirs} == {code: theirs[code] for code in ours | theirs}
    assert violations(session) == []
    session.rollback()


@pytest.mark.parametrize(
    ("plan", "then", "exchanged"),
    [
        pytest.param(None, None, 1, id="gone at once"),
        pytest.param("pending", "succeed", 1, id="gone when its bank has it"),
        pytest.param("insufficient_funds", "succeed", 1, id="gone when there are funds"),
        pytest.param("pending", "fail", 2, id="failed on its way"),
        pytest.param(None, "fail", 2, id="sent back after it had succeeded"),
        pytest.param("failed", None, 0, id="failed at once"),
    ],
)
def test_a_refund_is_booked_at_the_rate_of_its_day_and_what_a_bank_sends_back_at_another(
    session, till, sale, refund, stripe_side, plan, then, exchanged
):
    if plan:
        stripe_side.post("/_sandbox/refunds/next", outcome=plan)
    till().book_fee(sale.payment.id)
    till().send_refund(refund)
    if then:
        [made] = stripe_side.refunds()
        stripe_side.post(f"/_sandbox/refunds/{made['id']}/settle", outcome=then)

    for _ in range(2):
        till().send_refund(refund)

    agrees(session, stripe_side)
    assert len(exchanged_later(session)) == exchanged


@pytest.mark.parametrize("decision", ["won", "lost"])
@pytest.mark.parametrize("part", [{}, {"amount": 3333}], ids=["all", "a part"])
def test_what_a_bank_takes_and_gives_back_is_booked_at_the_rates_of_their_days(
    session, till, sale, bank, stripe_side, decision, part
):
    till().book_fee(sale.payment.id)
    dispute = bank(f"payments/{sale.payment.stripe_payment_intent_id}/dispute", **part)
    agrees(session, stripe_side)

    bank(f"disputes/{dispute}/decide", decision=decision)

    agrees(session, stripe_side)
    assert len(exchanged_later(session)) == (2 if decision == "won" else 1)


def test_in_whatever_order_it_is_heard_of_the_books_are_the_same(session, settings, till, sale, refund, stripe_side):
    """The refund goes and comes back before Stripe has said what it holds for the payment, and old news comes last."""
    till().send_refund(refund)
    old = StripeGateway(settings).refunds_since(utcnow() - timedelta(hours=1))[0].state
    first = session.scalar(FETCH_NUMBER)
    session.commit()
    stripe_side.post(f"/_sandbox/refunds/{old.id}/settle", outcome="fail")

    till().send_refund(refund)
    till().book_fee(sale.payment.id)
    apply_refund(session, refund, old, fetch=first, now=utcnow())
    session.commit()

    agrees(session, stripe_side)
    assert len(exchanged_later(session)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("rates", [DOLLARS], ids=["into dollars"])
@pytest.mark.parametrize("lost", ["the process", "the answer"])
def test_whoever_dies_at_whatever_point_it_is_booked_once(
    app, settings, session, till, sale, refund, stripe_side, clock, lost
):
    till().book_fee(sale.payment.id)
    if lost == "the answer":
        stripe_side.post("/_sandbox/faults", fault="500_after_commit", path="/v1/refunds")
        with pytest.raises(Exception, match="did not answer"):
            till().send_refund(refund)
        session.rollback()
    for number in range(12) if lost == "the process" else []:
        with watched(Points(number)), suppress(Dead):
            till().send_refund(refund)
        session.rollback()

    clock.advance(timedelta(hours=2))
    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    agrees(session, stripe_side)
    assert len(exchanged_later(session)) == 1


@pytest.fixture
def unheard(session, till, sale, refund, clock):
    """The refund is made by a command of before, which did not ask what Stripe books for it."""
    session.execute(text("UPDATE stripe_command SET params = params - 'expand' WHERE kind = 'refund'"))
    session.commit()
    till().book_fee(sale.payment.id)
    till().send_refund(refund)
    assert exchanged_later(session) == set()
    session.rollback()
    clock.advance(timedelta(hours=2))


@pytest.mark.parametrize("rates", [DOLLARS], ids=["into dollars"])
def test_what_stripe_took_for_a_refund_is_asked_for_until_it_is_known(app, settings, session, unheard, stripe_side):
    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    agrees(session, stripe_side)
    assert len(exchanged_later(session)) == 1


@pytest.mark.parametrize("rates", [DOLLARS], ids=["into dollars"])
def test_reconciling_books_what_was_exchanged_and_says_so_once(session, till, unheard, stripe_side):
    lines = list(reconcile(till()))
    again = list(reconcile(till()))

    [made] = stripe_side.refunds()
    assert [(line.result, line.thing, line.says) for line in lines] == [
        (Result.HEALED, f"refund {made['id']}", NOT_EXCHANGED)
    ]
    assert again == []
    agrees(session, stripe_side)


@pytest.mark.parametrize("rates", [DOLLARS], ids=["into dollars"])
def test_reconciling_books_what_was_exchanged_of_a_dispute(session, till, sale, bank, stripe_side):
    """As it was known before disputes said so."""
    till().book_fee(sale.payment.id)
    dispute = bank(f"payments/{sale.payment.stripe_payment_intent_id}/dispute")
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("DELETE FROM exchanged_later"))
    forgotten = "SELECT id FROM ledger_transaction WHERE business_key LIKE 'exchanged-%'"
    session.execute(text(f"DELETE FROM ledger_entry WHERE transaction_id IN ({forgotten})"))
    session.execute(text("DELETE FROM ledger_transaction WHERE business_key LIKE 'exchanged-%'"))
    session.commit()
    disagreed = held_in_the_books(session) != held_at_stripe(stripe_side)

    lines = list(reconcile(till()))

    assert disagreed
    assert [(line.thing, line.says) for line in lines] == [(f"dispute {dispute}", NOT_EXCHANGED)]
    agrees(session, stripe_side)


@pytest.mark.parametrize("rates", [DOLLARS], ids=["into dollars"])
def test_the_operator_reads_what_went_back_and_what_stripe_took_for_it(client, till, sale, refund, olga):
    till().book_fee(sale.payment.id)
    till().send_refund(refund)
    sign_in(client, olga)

    page = words(client.get("/operator/exchanges"))

    assert "Gone back since €80.50 Taken by Stripe for that $88.55" in page


def test_a_site_that_is_settled_in_what_it_sells_in_has_none_of_it(session, till, buy_with, stripe_side):
    sale = buy_with()
    till().book_fee(sale.payment.id)
    cancel(session, sale, Canceller.MENTOR, 8050)
    refund = session.scalars(select(Refund.id)).one()
    session.commit()

    till().send_refund(refund)

    agrees(session, stripe_side)
    assert exchanged_later(session) == set()
