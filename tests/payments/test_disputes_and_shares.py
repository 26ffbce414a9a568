"""What a mentor has earned by a payment that a bank disputes: what waits, what is taken back, who bears it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from payments.models.disputes import Dispute
from tests.jobs import run_jobs
from tests.payments.conftest import TEN
from tests.payments.disputes import bank, books, fill, holds
from tests.payments.test_outcomes import come_to_an_end
from tests.payments.test_transfers import at_stripe, earned, pay_out

__all__ = ["bank", "earned"]


def test_a_mentor_keeps_what_a_session_has_earned_and_the_site_bears_a_loss(
    app,
    settings,
    session,
    earned,
    bank,
    stripe_side,
    clock,
):
    fill(stripe_side)
    bank.opens()
    for _ in range(2):
        pay_out(app, settings, clock)
    meanwhile = at_stripe(stripe_side)

    bank.decides("lost")
    pay_out(app, settings, clock)

    assert meanwhile == []
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert books(session, "dispute_loss", "mentee_prepaid", "mentor_payable", "site_fees") == (8050, 0, 0, -1050)
    holds(session)


@pytest.mark.parametrize("decision", ["won", "lost"])
def test_what_a_mentor_was_paid_is_taken_back_until_the_bank_has_decided_and_is_theirs_again(
    app, settings, session, earned, bank, stripe_side, clock, decision
):
    fill(stripe_side)
    pay_out(app, settings, clock)
    bank.opens()
    run_jobs(app, settings)
    for _ in range(2):
        pay_out(app, settings, clock)
    [sent] = at_stripe(stripe_side)
    meanwhile = sent["amount"], sent["amount_reversed"], books(session, "mentor_waiting", "mentor_receivable")
    holds(session)

    bank.decides(decision)
    for _ in range(2):
        pay_out(app, settings, clock)

    assert meanwhile == (7000, 7000, (-7000, 0))
    assert [(each["amount"], each["amount_reversed"]) for each in at_stripe(stripe_side)] == [(7000, 0), (7000, 7000)]
    assert books(session, "mentor_waiting", "mentor_receivable", "mentor_payable") == (0, 0, 0)
    assert books(session, "dispute_loss") == ((8050,) if decision == "lost" else (0,))
    holds(session)


def test_an_inquiry_takes_nothing_back_from_a_mentor(app, settings, session, earned, bank, stripe_side, clock):
    pay_out(app, settings, clock)
    bank.opens(kind="inquiry")
    pay_out(app, settings, clock)

    assert [(each["amount"], each["amount_reversed"]) for each in at_stripe(stripe_side)] == [(7000, 0)]


def test_who_lost_before_the_session_was_settled_bears_no_more_for_it(app, settings, session, sold, bank, clock):
    clock.set(TEN + timedelta(minutes=70))
    bank.opens()
    bank.decides("lost")
    before = books(session, "dispute_loss")

    come_to_an_end(app, settings, clock)

    assert (before, books(session, "dispute_loss", "mentee_prepaid")) == ((0,), (8050, 0))
    holds(session)


@pytest.mark.parametrize(("kind", "decision"), [("chargeback", "won"), ("inquiry", "closed")])
def test_nothing_is_transferred_while_a_bank_asks_and_all_of_it_afterwards(
    app,
    settings,
    session,
    earned,
    bank,
    stripe_side,
    clock,
    kind,
    decision,
):
    bank.opens(kind=kind)
    pay_out(app, settings, clock)
    meanwhile = at_stripe(stripe_side)

    bank.decides(decision)
    pay_out(app, settings, clock)

    assert (meanwhile, [each["amount"] for each in at_stripe(stripe_side)]) == ([], [7000])
    holds(session)


def test_what_no_event_has_told_is_seen_before_money_leaves(app, settings, session, earned, bank, stripe_side, clock):
    """The transfer is owed and swept; the dispute was opened at Stripe a moment ago."""
    stripe_side.post(f"/_sandbox/payments/{earned.payment.stripe_payment_intent_id}/dispute")

    pay_out(app, settings, clock)

    assert at_stripe(stripe_side) == []
    assert session.scalars(select(Dispute.status)).all() == ["needs_response"]
