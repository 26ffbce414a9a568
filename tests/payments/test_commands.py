"""Asking Stripe again without getting it twice: keys that are known, spoilt, forgotten; commands that are withdrawn."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import stripe
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.db import violated
from marketplace.core.errors import GatewayUnavailable
from marketplace.offerings.models import Offering
from payments.domain.commands import KEY_IS_KNOWN_FOR, Approach, approach
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.sales import Refund, StripeCommand
from payments.queries import sales as queries
from payments.services.buy import Order
from payments.services.commands import begin, renew, spoil, want, withdraw
from payments.stripe_api import gateway as stripe_gateway
from payments.stripe_api.gateway import StripeBroke, StripeRefused
from payments.till import Till
from tests.conftest import TUESDAY, MovableClock
from tests.jobs import run_jobs
from tests.payments.conftest import TEN
from tests.payments.test_till import lapse_here_only, payment_of, reread
from tests.stripe_side import StripeSide

TillMaker = Callable[[], Till]
CHECKOUTS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"


@pytest.mark.parametrize(
    ("status", "age", "spoilt", "how"),
    [
        pytest.param(CommandStatus.WAITING, None, False, Approach.SEND, id="never sent"),
        pytest.param(CommandStatus.WAITING, KEY_IS_KNOWN_FOR, False, Approach.SEND, id="Stripe still knows the key"),
        pytest.param(
            CommandStatus.WAITING,
            KEY_IS_KNOWN_FOR + timedelta(seconds=1),
            False,
            Approach.LOOK_UP,
            id="perhaps forgotten",
        ),
        pytest.param(CommandStatus.WAITING, timedelta(0), True, Approach.LOOK_UP, id="answered with a 500"),
        pytest.param(CommandStatus.DONE, timedelta(0), False, Approach.NOTHING, id="answered"),
        pytest.param(CommandStatus.REFUSED, timedelta(0), False, Approach.NOTHING, id="refused"),
        pytest.param(CommandStatus.WITHDRAWN, None, False, Approach.NOTHING, id="withdrawn"),
    ],
)
def test_approach(status: CommandStatus, age: timedelta | None, spoilt: bool, how: Approach) -> None:
    sent_at = None if age is None else TUESDAY - age

    assert approach(status, first_sent_at=sent_at, spoilt=spoilt, now=TUESDAY) is how


def test_what_is_wanted_twice_is_one_command(session: Session) -> None:
    first = want(session, "refund", "refund-x-late", {"amount": 1}, now=TUESDAY)
    second = want(session, "refund", "refund-x-late", {"amount": 2}, now=TUESDAY)

    assert (first is not None, second) == (True, None)
    assert session.get_one(StripeCommand, first).params == {"amount": 1}


def test_the_database_keeps_what_was_sent_from_being_withdrawn(session: Session) -> None:
    command_id = want(session, "refund", "refund-x-late", {}, now=TUESDAY)
    assert command_id is not None
    begin(session, command_id, now=TUESDAY)

    assert withdraw(session, command_id) is False
    with pytest.raises(IntegrityError) as refused:
        session.execute(text("UPDATE stripe_command SET status = 'withdrawn'"))

    assert violated(refused.value) == "only_the_unsent_is_withdrawn"


def test_a_time_given_back_before_stripe_was_asked_is_never_asked_for(
    session: Session, till: TillMaker, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    till().look(payment_of(sale).id, give_back=True)

    assert reread(session, sale).booking.state is BookingStatus.RELEASED
    assert session.scalars(select(StripeCommand.status)).one() == CommandStatus.WITHDRAWN
    assert stripe_side.sessions() == []


def test_a_look_up_says_nothing_of_a_key_that_was_used_after_it(session: Session) -> None:
    """Two look for what a spoilt key made; one is faster, uses a new key, and meets a 500 with that one too."""
    command_id = want(session, "checkout", "checkout-x", {}, now=TUESDAY)
    assert command_id is not None
    first = begin(session, command_id, now=TUESDAY)
    spoil(session, command_id, first.key)
    faster = renew(session, command_id, first.key, now=TUESDAY)
    spoil(session, command_id, faster.key)

    slower = renew(session, command_id, first.key, now=TUESDAY)

    assert faster.how is Approach.SEND
    assert (slower.how, slower.key) == (Approach.LOOK_UP, faster.key)


@pytest.mark.parametrize("fault", ["500_before", "500_after_commit"])
def test_a_500_is_looked_up_and_asked_again_with_a_new_key(
    session: Session, till: TillMaker, ada: User, hour: Offering, stripe_side: StripeSide, fault: str
) -> None:
    """Stripe would replay the 500 for the old key for ever. Made before the 500 or not: there is one session."""
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    stripe_side.post("/_sandbox/faults", fault=fault, path=CHECKOUTS, times=1)
    with pytest.raises(GatewayUnavailable):
        till().open_checkout(payment_of(sale).id)

    address = till().open_checkout(payment_of(sale).id)

    command = session.scalars(select(StripeCommand)).one()
    assert address == payment_of(reread(session, sale)).checkout_url
    assert len(stripe_side.sessions()) == 1
    assert (command.status, command.keys_used) == (CommandStatus.DONE, 2 if fault == "500_before" else 1)


# Stripe's library asks again by itself after a conflict, and not after a limit.
@pytest.mark.parametrize(("fault", "times"), [("lock_timeout", 2), ("rate_limit", 1)])
def test_a_conflict_or_a_limit_is_not_taken_for_a_refusal(
    session: Session, till: TillMaker, ada: User, hour: Offering, stripe_side: StripeSide, fault: str, times: int
) -> None:
    """Somebody asks with the same key just now: a slot given up would leave a session that can be paid for nothing."""
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    stripe_side.post("/_sandbox/faults", fault=fault, path=CHECKOUTS, times=times)
    with pytest.raises(GatewayUnavailable):
        till().open_checkout(payment_of(sale).id)
    waiting = reread(session, sale).booking.state

    address = till().open_checkout(payment_of(sale).id)

    assert (waiting, address is not None) == (BookingStatus.HELD, True)
    assert session.scalars(select(StripeCommand.keys_used)).one() == 1


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        pytest.param(stripe.IdempotencyError("in use", http_status=409), GatewayUnavailable, id="the key is in use"),
        pytest.param(stripe.IdempotencyError("other", http_status=400), StripeRefused, id="the key is another thing's"),
        pytest.param(stripe.InvalidRequestError("no", "amount", http_status=400), StripeRefused, id="invalid"),
        pytest.param(stripe.InvalidRequestError("busy", None, http_status=409), GatewayUnavailable, id="a conflict"),
        pytest.param(stripe.RateLimitError("slow down", http_status=429), GatewayUnavailable, id="a limit"),
        pytest.param(stripe.APIConnectionError("silence"), GatewayUnavailable, id="silence"),
        pytest.param(stripe.APIError("oh", http_status=500), StripeBroke, id="a 500"),
    ],
)
def test_what_a_failure_means(failure: stripe.StripeError, meaning: type[Exception]) -> None:
    assert type(stripe_gateway._meaning(failure)) is meaning


def owed(session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide) -> Refund:
    """A late payment that has to go back, and nothing sent yet."""
    payment = payment_of(reread(session, bought))
    lapse_here_only(session, bought)
    session.execute(text("UPDATE mentor SET status = 'paused'"))
    session.commit()
    stripe_side.pay(str(payment.stripe_session_id))
    till().look(payment.id)
    refund = session.scalars(select(Refund)).one()
    session.commit()
    return refund


@pytest.mark.parametrize("fault", ["500_before", "500_after_commit"])
def test_a_refund_that_met_a_500_is_made_once(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide, fault: str
) -> None:
    refund = owed(session, till, bought, stripe_side)
    stripe_side.post("/_sandbox/faults", fault=fault, path=REFUNDS, times=1)
    with pytest.raises(GatewayUnavailable):
        till().send_refund(refund.id)

    till().send_refund(refund.id)

    session.refresh(refund)
    assert refund.status == RefundStatus.SUCCEEDED
    assert [found["amount"] for found in stripe_side.refunds()] == [8050]


def test_a_refund_sent_long_ago_is_looked_up_before_a_new_key_is_used(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide, clock: MovableClock
) -> None:
    """It arrived; only the answer was lost, and Stripe has forgotten the key."""
    refund = owed(session, till, bought, stripe_side)
    sending = till()
    attempt = begin(session, refund.command_id, now=sending.now)
    session.commit()
    sending.gateway.create_refund(attempt.params, attempt.key)
    clock.advance(timedelta(days=3))

    till().send_refund(refund.id)

    session.refresh(refund)
    assert refund.status == RefundStatus.SUCCEEDED
    assert len(stripe_side.refunds()) == 1
    assert session.get_one(StripeCommand, refund.command_id).keys_used == 1


def test_a_refund_that_stripe_refuses_stays_owed_and_is_not_sent_over_and_over(
    app: Flask, session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide, settings: Settings
) -> None:
    """The operator returned the money by hand, at Stripe."""
    refund = owed(session, till, bought, stripe_side)
    intent = stripe_side.get(f"{CHECKOUTS}/{stripe_side.sessions()[0]['id']}")["payment_intent"]
    stripe_side.post(REFUNDS, payment_intent=intent)

    run_jobs(app, settings)

    session.expire_all()
    command = session.get_one(StripeCommand, refund.command_id)
    assert (session.get_one(Refund, refund.id).status, command.status) == (RefundStatus.OWED, CommandStatus.REFUSED)
    assert command.error is not None
    assert len(stripe_side.refunds()) == 1
