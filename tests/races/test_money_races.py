"""Two at once about one payment, on connections of their own: at every point of the one, the other comes in between.

Each race has a control run with a guard taken away, in which it does harm at one point at least.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.domain.outcomes import WINDOW
from booking.domain.states import Canceller
from booking.models.bookings import Booking
from marketplace.core.db import db
from marketplace.core.jobs import TASKS
from payments.domain.checkout import Step
from payments.models.sales import Payment, Refund, StripeEvent
from payments.services.apply_checkout import apply_checkout
from payments.services.cancel import cancel_session
from tests.races import acts, guards, later
from tests.races.acts import COMPLETED, Act, World, order, the_payment
from tests.races.guards import Guards, all_guards
from tests.races.harm import harm, released_too_early
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew, live_on, wrongs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def pay_and_come_back(world: World) -> None:
    """At Stripe whatever is payable there; and the return page looks at what was paid."""
    before = {found["id"] for found in world.stripe.sessions() if found["status"] == "open"}
    for session_id in before:
        if world.stripe.pay(session_id) == "paid":
            with world.app.app_context():
                world.till().look_at_session(session_id)


def end_overdue(world: World) -> None:
    """By a clock that is before Stripe's: there it can still be paid."""
    with world.app.app_context():
        till = world.till()
        till.now += acts.OVER
        till.look(the_payment())


def act_on_event(world: World) -> None:
    with world.app.app_context():
        event_id = db.session.scalars(select(StripeEvent.id)).one()
        db.session.commit()
        TASKS["payments:apply_event"](event_id=event_id)


def pay_with_event(world: World) -> None:
    acts.buy_and_pay(world)
    world.stripe.send(world.app.test_client(), world.stripe.events(COMPLETED)[-1])


def sweep(world: World) -> None:
    with world.app.app_context():
        TASKS["payments:sweep"]()
    acts.run_waiting(world, "payments:look")


def send_the_refund(world: World) -> None:
    """As a worker that has the job, whether another one has it too or not."""
    with world.app.app_context():
        refund_id = db.session.scalars(select(Refund.id)).one()
        db.session.commit()
        TASKS["payments:send_refund"](refund_id=refund_id)


def cancel_and_send(world: World) -> None:
    later.ADA_CANCELS(world)
    send_the_refund(world)


def sweep_for_refunds(world: World) -> None:
    """Minutes later, whatever has become of the job; only if something has been owed by then."""
    world.clock.advance(timedelta(minutes=2))
    with world.app.app_context():
        TASKS["payments:sweep"]()
    acts.run_waiting(world, "payments:send_refund")


def take_the_time(world: World) -> None:
    """Alan wants what overlaps Ada's hour; nothing is to be paid for it."""
    with world.app.app_context():
        world.till().buy(order("Alan Example", "fit_call"))


def take_noon(world: World) -> None:
    """Alan wants the time that Ada moves to; nothing is to be paid for it."""
    with world.app.app_context():
        world.till().buy(replace(order("Alan Example", "fit_call"), start=acts.NOON))


CANCELS_IN_TIME = later.cancel_as(Canceller.MENTEE, 8050)


def lapse_and_pay(world: World) -> None:
    """The hold was ended here alone, and then Ada pays."""
    acts.buy(world)
    with world.app.app_context():
        for table, status in (("booking", "expired"), ("payment", "expired"), ("purchase", "lapsed")):
            db.session.execute(text(f"UPDATE {table} SET status = '{status}'"))
        db.session.commit()
    acts.pay(world)


def pay_twice(world: World) -> None:
    """Two sessions of one purchase, both paid: what never should be, and must be survived."""
    acts.buy_and_wait(acts.LAST_MINUTES)(world)
    with guards.expiry_is_taken_for_granted(world):
        acts.extend(world)
    acts.pay(world)


def look_at(position: int) -> Act:
    """The first payment there is, or the last."""

    def act(world: World) -> None:
        with world.app.app_context():
            payment_id = db.session.scalars(select(Payment.id).order_by(Payment.id)).all()[position]
            db.session.commit()
            world.till().look(payment_id)

    return act


def open_checkout(world: World) -> None:
    with world.app.app_context():
        world.till().open_checkout(the_payment())


THREE_DAYS = timedelta(days=3)


def settled_after(after: timedelta) -> Act:
    """By a sweep whose clock is ahead by so much."""

    def run(world: World) -> None:
        with world.app.app_context():
            booking_id = db.session.scalars(select(Booking.id)).one()
            db.session.commit()
            till = world.till()
            till.now += after
            till.bring_forward(booking_id)

    return run


def shortly_before_it_closes(world: World) -> None:
    later.over(world)
    world.clock.set(acts.END + WINDOW - timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Race:
    before: Act
    act: Act
    other: Act
    guards_off: Guards
    begins_wrong: bool = False
    """It is about what happens when a rule has been broken before."""


@contextmanager
def deciding() -> Iterator[list[tuple[int, Step]]]:
    """What is decided about which payment, each time it is: money and the end of a hold are decided about once."""
    taken: list[tuple[int, Step]] = []

    def applied(session: Session, payment_id: int, *arguments: Any, **named: Any) -> Step:
        step = apply_checkout(session, payment_id, *arguments, **named)
        if step not in {Step.NOTHING, Step.NOTE_OPEN}:
            taken.append((payment_id, step))
        return step

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("payments.till.apply_checkout", applied)
        yield taken


@contextmanager
def cancelling() -> Iterator[list[int]]:
    """The sessions that were cancelled, each time one was: that is done once."""
    done: list[int] = []

    def cancelled(session: Session, booking_id: int, *arguments: Any, **named: Any) -> None:
        cancel_session(session, booking_id, *arguments, **named)
        done.append(booking_id)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("payments.till.cancel_session", cancelled)
        yield done


def decided_twice(taken: list[tuple[int, Step]]) -> list[str]:
    return [f"decided twice: {each}" for each in sorted(set(taken)) if taken.count(each) > 1]


RACES = {
    "two confirmations of one payment": Race(pay_with_event, acts.look, act_on_event, guards.no_locks),
    "two payments of one purchase": Race(pay_twice, look_at(0), look_at(-1), guards.no_locks, begins_wrong=True),
    "two workers on one event": Race(pay_with_event, act_on_event, act_on_event, guards.no_locks),
    "two sweeps": Race(acts.buy_and_wait(acts.OVER), sweep, sweep, guards.no_locks),
    "paying against the end of the hold": Race(
        acts.buy, end_overdue, pay_and_come_back, guards.expiry_is_taken_for_granted
    ),
    "paying against giving back": Race(acts.buy, acts.give_back, pay_and_come_back, guards.expiry_is_taken_for_granted),
    "paying against replacing": Race(acts.buy, acts.replace, pay_and_come_back, guards.expiry_is_taken_for_granted),
    "paying against extending": Race(
        acts.buy_and_wait(acts.LAST_MINUTES), acts.extend, pay_and_come_back, guards.expiry_is_taken_for_granted
    ),
    "late money against a new hold": Race(lapse_and_pay, look_at(0), take_the_time, guards.no_locks_and_no_constraint),
    "a new hold against late money": Race(lapse_and_pay, take_the_time, look_at(0), guards.no_locks_and_no_constraint),
    "two openings of one checkout": Race(acts.hold_only, open_checkout, open_checkout, guards.a_new_key_each_time),
    "two cancellations": Race(
        acts.sell_an_hour_before, later.ADA_CANCELS, later.ADA_CANCELS, guards.no_locks_and_nothing_final
    ),
    "the mentee against the mentor": Race(
        acts.sell_an_hour_before, later.ADA_CANCELS, later.GRACE_CANCELS, guards.no_locks_and_nothing_final
    ),
    "two moves": Race(acts.sell, later.TO_NOON, later.TO_THE_NEXT_DAY, guards.no_locks_and_any_number_of_moves),
    "one move pressed twice": Race(acts.sell, later.TO_NOON, later.TO_NOON, guards.no_locks_and_any_number_of_moves),
    "a move against cancelling": Race(acts.sell, later.TO_NOON, CANCELS_IN_TIME, guards.no_locks_and_nothing_final),
    "cancelling against a move": Race(acts.sell, CANCELS_IN_TIME, later.TO_NOON, guards.no_locks_and_nothing_final),
    "accepting against withdrawing": Race(
        later.sell_and_propose, later.ADA_ACCEPTS, later.GRACE_WITHDRAWS, guards.no_locks_and_any_number_of_answers
    ),
    "withdrawing against accepting": Race(
        later.sell_and_propose, later.GRACE_WITHDRAWS, later.ADA_ACCEPTS, guards.no_locks_and_any_number_of_answers
    ),
    "accepting against cancelling": Race(
        later.sell_and_propose, later.ADA_ACCEPTS, CANCELS_IN_TIME, guards.no_locks_and_any_number_of_answers
    ),
    "a move against a new hold": Race(acts.sell, later.TO_NOON, take_noon, guards.no_locks_and_no_constraint),
    "a new hold against a move": Race(acts.sell, take_noon, later.TO_NOON, guards.no_locks_and_no_constraint),
    "cancelling and sending against a sweep": Race(
        acts.sell_an_hour_before,
        cancel_and_send,
        sweep_for_refunds,
        guards.a_new_refund_each_time,
    ),
    "cancelling against settling": Race(
        acts.sell_an_hour_before, later.ADA_CANCELS, settled_after(THREE_DAYS), guards.no_locks_and_no_outcome_kept
    ),
    "settling against cancelling": Race(
        acts.sell_an_hour_before, settled_after(THREE_DAYS), later.ADA_CANCELS, guards.no_locks_and_no_outcome_kept
    ),
    "two claims at once": Race(
        later.over, later.ADA_WAS_ALONE, later.GRACE_WAS_MISSING, guards.no_locks_and_no_outcome_kept
    ),
    "a claim against settling": Race(
        shortly_before_it_closes,
        later.ADA_WAS_ALONE,
        settled_after(timedelta(minutes=2)),
        guards.no_locks_and_no_outcome_kept,
    ),
    "two decisions": Race(later.contradicted, later.FOR_ADA, later.FOR_GRACE, guards.no_locks_and_no_outcome_kept),
    "two senders of one refund": Race(
        later.cancel_late, send_the_refund, send_the_refund, guards.a_new_refund_each_time
    ),
    "opening against giving back": Race(
        acts.hold_only, open_checkout, acts.give_back, guards.expiry_is_taken_for_granted
    ),
}
"""Who acts, who comes in between, and the guard that keeps harm away."""


def rounds(world: World, race: Race, guarded: Guards) -> Iterator[tuple[World, list[str]]]:
    """One for each point of the act: what it came to, and the harm in it."""
    here = begin_anew(world)
    race.before(here)
    for number in points_to_interrupt(here, race.act):
        here = begin_anew(world)
        race.before(here)
        early = [] if race.begins_wrong else released_too_early(here)
        with guarded(here), deciding() as taken, cancelling() as cancelled:
            interrupt(here, race.act, number, looking_first(race, early))
        twice = ["cancelled twice"] if len(cancelled) > 1 else []
        yield here, [*early, *harm(here), *decided_twice(taken), *twice]


def looking_first(race: Race, early: list[str]) -> Act:
    """The other one, after a look at whether anything was given back too early until then."""

    def other(world: World) -> None:
        if not race.begins_wrong:
            early.extend(released_too_early(world))
        race.other(world)

    return other


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
def test_whoever_comes_in_between_at_whatever_point_no_harm_is_done(world: World, race: Race) -> None:
    found = []
    for number, (here, harms) in enumerate(rounds(world, race, all_guards)):
        live_on(here)
        found += [(number, each) for each in [*harms, *wrongs(here)]]

    assert found == []


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
def test_control_without_its_guard_the_race_does_harm(world: World, race: Race) -> None:
    """A machine that is busy may let one of the two be late for it, so it is tried three times."""
    assert any(harms for _ in range(3) for _, harms in rounds(world, race, race.guards_off))
