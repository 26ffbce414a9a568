"""A bank and a refund at once, on connections of their own: at every point of the one, the other comes in between.

Each race has a control run with a guard taken away, in which it does harm at one point at least.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import requests
from sqlalchemy import func, select, text

from booking.domain.states import Canceller
from marketplace.core.db import db
from marketplace.core.jobs import TASKS
from payments import refunding
from payments.disputing import Disputing
from payments.domain.states import RefundStatus
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Refund
from payments.queries import settling as settle_queries
from payments.queries.ledger import violations
from payments.refunding import Refunding
from payments.services import disputes
from tests.races import acts, guards, later
from tests.races.acts import Act, World
from tests.races.guards import Guards, all_guards
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew, live_on

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def intent() -> str:
    found = db.session.scalars(select(Payment.stripe_payment_intent_id)).one()
    db.session.commit()
    return str(found)


def the_dispute(world: World) -> str:
    return str(world.stripe.get("/v1/disputes")["data"][0]["id"])


def learn(world: World) -> None:
    """What Stripe says of the dispute now."""
    with world.app.app_context():
        till = world.till()
        Disputing(till.session, till.gateway, till.now).look(the_dispute(world))


def bank_takes_it(world: World) -> None:
    """Nothing, once it has gone back in full: then there is nothing to take."""
    with world.app.app_context():
        payment = intent()
    with suppress(requests.HTTPError):
        world.stripe.post(f"/_sandbox/payments/{payment}/dispute")
        learn(world)


def disputed(world: World) -> None:
    acts.sell(world)
    bank_takes_it(world)


def lost_at_stripe(world: World) -> None:
    """The bank has decided, and the site does not know yet."""
    disputed(world)
    world.stripe.post(f"/_sandbox/disputes/{the_dispute(world)}/decide", decision="lost")


def cancelled(world: World) -> None:
    """Ada has called it off in time: all of it is owed, and not sent yet."""
    acts.sell(world)
    CANCELS(world)


def send_refunds(world: World) -> None:
    with world.app.app_context():
        found = db.session.scalars(select(Refund.id)).all()
        db.session.commit()
        for refund_id in found:
            TASKS["payments:send_refund"](refund_id=refund_id)


CANCELS = later.cancel_as(Canceller.MENTEE, 8050)


@contextmanager
def no_locks(world: World) -> Iterator[None]:
    """Nor does the database know who calls a session off. For control runs only."""
    with world.app.app_context(), db.engine.begin() as connection:
        for check in ("cancelled_says_who_and_when", "cancelled_by_whom_it_says", "operators_say_why"):
            connection.execute(text(f"ALTER TABLE booking DROP CONSTRAINT IF EXISTS {check}"))
    with guards.no_locks_and_nothing_final(world), pytest.MonkeyPatch.context() as patched:
        patched.setattr(disputes, "lock_sale", guards._read_sale)
        yield


@contextmanager
def whoever_is_refused_gives_up(_world: World) -> Iterator[None]:
    """Nobody looks at Stripe before sending, and its refusal for a dispute counts for ever."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Refunding, "_may_be_sent", lambda *_: True)
        patched.setattr(refunding, "DISPUTED", "another word")
        yield


def wrongs(world: World) -> list[str]:
    """Nobody gets back, by the site and by the bank together, more than was paid; all that is due is with them; and
    the books say so."""
    with world.app.app_context():
        paid = db.session.scalars(select(Payment.paid_minor)).one() or 0
        lost = int(db.session.scalar(select(func.sum(Dispute.lost_minor))) or 0)
        refunds = db.session.scalars(select(Refund).where(Refund.status != RefundStatus.COVERED)).all()
        promised = sum(each.amount_minor for each in refunds)
        found = [f"{promised} by refunds and {lost} by the bank, of {paid}"] if promised + lost > paid else []
        found += [f"a refund of {each.amount_minor} is {each.status}" for each in refunds if each.status != "succeeded"]
        found += violations(db.session())
        found += [f"session {name} is not settled" for _, name in settle_queries.unsettled(db.session())]
        db.session.rollback()
    there = sum(each["amount"] for each in world.stripe.refunds() if each["status"] == "succeeded")
    return found + ([f"{there} went back at Stripe beside {lost}"] if there + lost > paid else [])


def decide(world: World, decision: str) -> None:
    with suppress(IndexError, requests.HTTPError):
        world.stripe.post(f"/_sandbox/disputes/{the_dispute(world)}/decide", decision=decision)
        learn(world)


def harm(world: World, before: Act, act: Act, other: Act, decision: str, guarded: Guards) -> list[str]:
    """At every point of the one act, the other; then the bank decides, and the worker goes on."""
    world = begin_anew(world)
    before(world)
    with guarded(world):
        points = points_to_interrupt(world, act)
    found = []
    for point in points:
        world = begin_anew(world)
        before(world)
        with guarded(world):
            interrupt(world, act, point, other)
        decide(world, decision)
        world.clock.advance(timedelta(minutes=2))
        live_on(world)
        found += [f"at {point}: {line}" for line in wrongs(world)]
    return found


RACES = [
    pytest.param(
        cancelled, send_refunds, bank_takes_it, "won", id="the bank takes it while a refund is sent, and gives up"
    ),
    pytest.param(
        cancelled, bank_takes_it, send_refunds, "lost", id="a refund is sent while the bank takes it, and wins"
    ),
    pytest.param(lost_at_stripe, learn, CANCELS, "lost", id="somebody cancels while it is learnt that all is lost"),
    pytest.param(lost_at_stripe, CANCELS, learn, "lost", id="it is learnt that all is lost while somebody cancels"),
]


@pytest.mark.parametrize(("before", "act", "other", "decision"), RACES)
def test_nothing_goes_back_twice_and_nothing_is_forgotten(
    world: World, before: Act, act: Act, other: Act, decision: str
) -> None:
    assert harm(world, before, act, other, decision, all_guards) == []


def test_control_without_locks_somebody_is_promised_what_the_bank_gave(world: World) -> None:
    found = harm(world, lost_at_stripe, CANCELS, learn, "lost", no_locks)

    assert any("by refunds and" in line for line in found)


def test_control_whoever_takes_no_for_an_answer_forgets_a_refund(world: World) -> None:
    found = harm(world, cancelled, send_refunds, bank_takes_it, "won", whoever_is_refused_gives_up)

    assert any("a refund of 8050 is owed" in line for line in found)
