"""What goes back after it was settled: who bears it, what is taken back at Stripe, what is kept later."""

from contextlib import suppress
from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.domain.states import ReversalStatus, TransferStatus
from payments.models.returns import TransferReversal
from payments.queries.ledger import violations
from payments.queries.owed import owed_by
from payments.queries.settling import unsettled
from payments.services.buy import Order
from payments.services.give_back import Giving
from payments.services.rows import lock_sold
from payments.services.take_back import Taking, give_again
from payments.stripe_api.gateway import StripeGateway
from payments.taking_back import TakingBack
from tests.factories import make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.payments.conftest import TEN
from tests.payments.disputes import books
from tests.payments.test_outcomes import CLOSES, come_to_an_end
from tests.payments.test_till import payment_of, reread
from tests.payments.test_transfers import (
    TICK,
    TRANSFERS,
    account_of,
    at_stripe,
    broken,
    earned,
    pay_out,
    paying,
    rows,
    think,
)
from tests.races.points import Dead, Points, watched

__all__ = ["earned", "paying"]
NOON = TEN + timedelta(hours=2)


@pytest.fixture
def olga(session):
    user = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    return user.id


@pytest.fixture
def returning(session, settings):
    return lambda: TakingBack(session, StripeGateway(settings), utcnow())


@pytest.fixture
def give(returning, olga):
    """The operator gives that much back for a session, of which `left` was left."""

    def given(sale, minor, left=8050, reason="The link did not work."):
        returning().give_back(sale.booking.id, Giving(Money(minor, "EUR"), left, olga, reason))

    return given


def sell(session, till, mentee, hour, start, stripe_side):
    """Bought, paid and confirmed."""
    sale = till().buy(Order(mentee, hour.mentor_id, hour.id, start))
    till().open_checkout(sale.payment.id)
    payment = payment_of(reread(session, sale))
    stripe_side.pay(str(payment.stripe_session_id))
    till().look(payment.id)
    return reread(session, sale)


@pytest.fixture
def both(app, settings, session, till, sold, alan, hour, stripe_side, clock):
    """Two sessions of one mentor took place, and neither is paid."""
    other = sell(session, till, alan, hour, NOON, stripe_side)
    come_to_an_end(app, settings, clock, CLOSES + timedelta(hours=2))
    session.rollback()
    return sold, other


def reversals(session):
    session.rollback()
    session.expire_all()
    found = [(each.amount_minor, each.status) for each in session.query(TransferReversal).order_by(TransferReversal.id)]
    session.rollback()
    return found


def the_reversal(session):
    [number] = session.scalars(select(TransferReversal.id))
    session.rollback()
    return number


def taken_back(stripe_side):
    return [each["amount_reversed"] for each in at_stripe(stripe_side)]


def all_is_well(session, settings):
    found = violations(session), unsettled(session), broken(session, settings)
    session.rollback()
    return found == ([], [], [])


def empty_balance(session, stripe_side, sale):
    """Stripe has paid the mentor's balance out to their bank."""
    stripe_side.post(f"/_sandbox/accounts/{account_of(session, sale).stripe_account_id}/payouts")


def work(app, settings):
    run_jobs(app, settings)


def test_what_was_not_sent_yet_is_sent_less_the_mentors_part(app, settings, session, earned, give, stripe_side, clock):
    give(earned, 2300)
    pay_out(app, settings, clock)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [5000]
    assert [each["amount"] for each in stripe_side.refunds()] == [2300]
    assert books(session, Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE, Account.SITE_FEES) == (0, 0, -750)
    assert (reversals(session), all_is_well(session, settings)) == ([], True)


def test_what_was_sent_is_taken_back_from_the_mentors_balance(app, settings, session, earned, give, stripe_side, clock):
    pay_out(app, settings, clock)

    give(earned, 2300)
    before = books(session, Account.MENTOR_RECEIVABLE)
    work(app, settings)

    assert before == (2000,)
    assert taken_back(stripe_side) == [2000]
    assert reversals(session) == [(2000, ReversalStatus.MADE)]
    assert books(session, Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE, Account.SITE_FEES) == (0, 0, -750)
    assert all_is_well(session, settings)


def test_a_sum_in_parts_is_borne_as_the_whole_at_once_would_be(app, settings, session, earned, give, clock):
    """Rounded once for all that is kept, so no cent is lost or made by giving in parts."""
    pay_out(app, settings, clock)

    for number in range(7):
        give(earned, 1150, 8050 - number * 1150)
    work(app, settings)

    assert books(session, Account.SITE_FEES, Account.MENTOR_RECEIVABLE, Account.MENTEE_PREPAID) == (0, 0, 0)
    assert sum(amount for amount, _ in reversals(session)) == 7000
    assert all_is_well(session, settings)


def test_what_the_balance_does_not_cover_is_kept_of_what_is_earned_next(
    app, settings, session, both, give, paying, stripe_side
):
    first, second = both
    paying().pay(first.booking.id)
    empty_balance(session, stripe_side, first)
    give(first, 2300)
    work(app, settings)
    left = reversals(session), books(session, Account.MENTOR_RECEIVABLE)

    paying().pay(second.booking.id)

    assert left == ([(2000, ReversalStatus.LEFT)], (2000,))
    assert [each["amount"] for each in at_stripe(stripe_side)] == [5000, 7000]
    assert [(row.amount_minor, row.netted_minor) for row in rows(session)] == [(7000, 0), (5000, 2000)]
    assert books(session, Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE) == (0, 0)
    assert all_is_well(session, settings)


def test_what_is_on_the_balance_is_taken_and_the_rest_is_kept_later(
    app, settings, session, both, give, paying, stripe_side
):
    first, second = both
    paying().pay(first.booking.id)
    empty_balance(session, stripe_side, first)
    give(second, 6900)
    paying().pay(second.booking.id)
    give(first, 2300)
    work(app, settings)

    assert reversals(session) == [(2000, ReversalStatus.LEFT), (1000, ReversalStatus.MADE)]
    assert books(session, Account.MENTOR_RECEIVABLE) == (1000,)
    assert all_is_well(session, settings)


def test_who_owes_more_than_they_earn_is_sent_nothing_and_owes_the_rest(
    app, settings, session, both, give, paying, stripe_side
):
    first, second = both
    paying().pay(first.booking.id)
    empty_balance(session, stripe_side, first)
    give(first, 8050)
    give(second, 5750)
    work(app, settings)

    paying().pay(second.booking.id)
    paying().pay(second.booking.id)

    assert [(row.status, row.amount_minor, row.netted_minor) for row in rows(session)] == [
        (TransferStatus.SENT, 7000, 0),
        (TransferStatus.NETTED, 0, 2000),
    ]
    assert len(at_stripe(stripe_side)) == 1
    assert books(session, Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE) == (0, 5000)
    assert owed_by(session, first.booking.mentor_id) == [Money(5000, "EUR")]
    session.rollback()
    assert all_is_well(session, settings)


def test_a_transfer_that_waits_for_the_mentor_is_stopped_and_goes_with_less(
    app, settings, session, earned, give, stripe_side, clock
):
    think(session, stripe_side, earned, "papers_are_wanted")
    pay_out(app, settings, clock)
    give(earned, 2300)

    think(session, stripe_side, earned, "everything")
    clock.advance(timedelta(hours=1))
    pay_out(app, settings, clock)
    pay_out(app, settings, clock)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [5000]
    assert (reversals(session), all_is_well(session, settings)) == ([], True)


def test_all_of_a_transfer_that_waits_is_dropped_when_all_goes_back(
    app, settings, session, earned, give, stripe_side, clock
):
    think(session, stripe_side, earned, "papers_are_wanted")
    pay_out(app, settings, clock)
    give(earned, 8050)
    think(session, stripe_side, earned, "everything")
    clock.advance(timedelta(hours=1))
    pay_out(app, settings, clock)

    assert (at_stripe(stripe_side), rows(session)) == ([], [])
    assert all_is_well(session, settings)


def refuse(session, stripe_side, sale):
    """Somebody has transferred from the charge by hand, so that ours does not fit."""
    charge = stripe_side.get(f"/v1/payment_intents/{sale.payment.stripe_payment_intent_id}")["latest_charge"]
    to = account_of(session, sale).stripe_account_id
    return stripe_side.post(TRANSFERS, amount=2000, currency="eur", destination=to, source_transaction=charge)


def test_of_a_refused_transfer_less_goes_when_it_is_asked_again(
    app, settings, session, earned, give, paying, stripe_side
):
    refuse(session, stripe_side, earned)
    paying().pay(earned.booking.id)
    give(earned, 2300)

    paying().again(earned.booking.id)

    assert [each["amount"] for each in at_stripe(stripe_side)] == [5000, 2000]
    assert (reversals(session), violations(session)) == ([], [])


def test_what_was_had_again_is_sent_once_more(app, settings, session, earned, paying, stripe_side, clock):
    """As after a dispute that was won: what was taken back is earned again, and goes with a number of its own."""
    paying().pay(earned.booking.id)
    give_again(
        session,
        lock_sold(session, earned.booking.id),
        Taking("won", Money(500, "EUR"), Account.SITE_FEES),
        now=utcnow(),
    )
    session.commit()

    paying().pay(earned.booking.id)
    paying().pay(earned.booking.id)

    assert [(row.number, row.amount_minor) for row in rows(session)] == [(1, 7000), (2, 500)]
    assert [each["amount"] for each in at_stripe(stripe_side)] == [500, 7000]
    assert violations(session) == []


@pytest.mark.parametrize("fault", ["cut_after_commit", "500_after_commit", "500_before", "lock_timeout"])
def test_an_answer_that_is_lost_takes_nothing_back_twice(
    app, settings, session, earned, give, returning, stripe_side, clock, fault
):
    pay_out(app, settings, clock)
    give(earned, 2300)
    stripe_side.post("/_sandbox/faults", fault=fault, path=TRANSFERS)
    with suppress(GatewayUnavailable):
        returning().ask(the_reversal(session))

    returning().ask(the_reversal(session))

    assert (taken_back(stripe_side), reversals(session)) == ([2000], [(2000, ReversalStatus.MADE)])
    assert violations(session) == []


@pytest.mark.parametrize(
    ("number", "is_empty"), [(0, False), (3, False), (5, False), (7, False), (5, True), (7, True), (10, True)]
)
def test_whoever_dies_at_whatever_point_it_is_taken_back_once(
    app, settings, session, earned, give, returning, stripe_side, clock, number, is_empty
):
    pay_out(app, settings, clock)
    give(earned, 2300)
    if is_empty:
        empty_balance(session, stripe_side, earned)
    with watched(Points(number)) as points, suppress(Dead):
        returning().ask(the_reversal(session))
    session.rollback()

    clock.advance(TICK)
    sweep(app, "payments:pay")
    work(app, settings)

    assert len(points.seen) == number + 1
    assert taken_back(stripe_side) == [0 if is_empty else 2000]
    assert books(session, Account.MENTOR_RECEIVABLE) == (2000 if is_empty else 0,)
    assert violations(session) == []


def test_both_are_told_with_their_sums_and_it_is_written_down(app, settings, session, earned, give, clock):
    give(earned, 2300)
    clock.set(CLOSES + timedelta(days=1))
    work(app, settings)
    sweep(app, "core:sweep_mail")
    work(app, settings)

    told = {letter["To"]: part(letter, "plain") for letter in letters_kept(settings) if "€23.00" in letter["Subject"]}
    mentee, mentor = (session.get_one(User, each) for each in (earned.booking.mentee_id, earned.booking.mentor_id))
    assert set(told) == {mentee.email, mentor.email}
    assert all("The link did not work." in text for text in told.values())
    assert "you earn €20.00 less for it" in told[mentor.email]
    entry = session.query(AuditEntry).filter_by(what="payments:gave_back").one()
    assert (entry.reason, entry.detail["mentor_minor"]) == ("The link did not work.", 2000)


def test_the_stand_in_takes_back_no_more_than_is_on_the_balance(session, earned, paying, stripe_side):
    paying().pay(earned.booking.id)
    [made] = at_stripe(stripe_side)
    empty_balance(session, stripe_side, earned)

    with pytest.raises(requests.HTTPError) as refused:
        stripe_side.post(f"{TRANSFERS}/{made['id']}/reversals", amount=1)

    assert refused.value.response.json()["error"]["code"] == "balance_insufficient"


def test_a_transfer_in_the_air_is_taken_back_when_it_has_arrived(
    app, settings, session, earned, give, paying, stripe_side, clock
):
    """Its answer was lost, so nobody knows whether it was made: it is asked again with the same key."""
    stripe_side.post("/_sandbox/faults", fault="cut_after_commit", path=TRANSFERS, times=2)
    with pytest.raises(GatewayUnavailable):
        paying().pay(earned.booking.id)
    give(earned, 2300)
    work(app, settings)
    in_the_air = reversals(session), books(session, Account.MENTOR_RECEIVABLE)

    pay_out(app, settings, clock)
    pay_out(app, settings, clock)

    assert in_the_air == ([(2000, ReversalStatus.OWED)], (2000,))
    assert (taken_back(stripe_side), reversals(session)) == ([2000], [(2000, ReversalStatus.MADE)])
    assert all_is_well(session, settings)
