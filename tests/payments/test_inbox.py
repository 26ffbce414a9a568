"""An event is tried until it is done: unknown objects, failures, dead workers; and what a person can do about one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.core.errors import NotFound
from payments.acting import act_on
from payments.domain.inbox import FIRST_GAP, KEEP_TRYING_FOR
from payments.models.sales import Payment, StripeEvent
from payments.services import inbox
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.jobs import run_jobs, sweep, waiting_jobs
from tests.payments.test_stripe_gateway import SOMETHING_ELSE

COMPLETED = "checkout.session.completed"
NOWHERE = "http://127.0.0.1:9"


def sent(client, stripe_side):
    """Stripe has told us of the last paid session; nothing has come of it yet."""
    event = stripe_side.events(COMPLETED)[-1]
    assert stripe_side.send(client, event).status_code == 200
    return event["id"]


@pytest.fixture
def strange(client, stripe_side):
    """Of a session that is none of ours."""
    stripe_side.pay(stripe_side.post("/v1/checkout/sessions", **SOMETHING_ELSE)["id"])
    return sent(client, stripe_side)


@pytest.fixture
def paid(client, session, bought, stripe_side):
    """Of Ada's session."""
    stripe_side.pay(str(session.scalars(select(Payment.stripe_session_id)).one()))
    session.commit()
    return sent(client, stripe_side)


def kept(session, event_id):
    session.rollback()
    return session.get_one(StripeEvent, event_id, populate_existing=True)


def booking_status(session):
    session.rollback()
    return session.scalars(select(Booking.status)).one()


def sweep_and_run(app, settings):
    sweep(app, "payments:sweep")
    run_jobs(app, settings)


@pytest.fixture
def cut_off(session, settings):
    """A till whose Stripe does not answer."""
    nowhere = replace(settings, stripe_api_base=NOWHERE)
    return lambda: Till(session, StripeGateway(nowhere), nowhere, utcnow())


def test_an_unknown_object_is_looked_for_again_after_growing_gaps(app, settings, session, clock, strange):
    run_jobs(app, settings)
    first = kept(session, strange)
    sweep(app, "payments:sweep")
    assert waiting_jobs(app) == []

    clock.advance(FIRST_GAP + timedelta(seconds=1))
    sweep_and_run(app, settings)

    second = kept(session, strange)
    assert (first.status, second.attempts, second.error) == ("parked", 2, inbox.NOT_OURS)
    assert second.next_at > utcnow() + 3 * FIRST_GAP


def test_after_three_days_it_is_left_to_a_person(app, settings, session, clock, strange):
    run_jobs(app, settings)
    began = utcnow()
    while (event := kept(session, strange)).next_at is not None:
        clock.set(event.next_at + timedelta(seconds=1))
        sweep_and_run(app, settings)

    assert timedelta(days=2) < utcnow() - began <= KEEP_TRYING_FOR + timedelta(minutes=1)
    assert (event.status, event.processed_at) == ("parked", None)
    clock.advance(timedelta(days=30))
    sweep(app, "payments:sweep")
    assert waiting_jobs(app) == []


def test_what_stripe_does_not_answer_keeps_its_error_and_comes_again(app, settings, session, clock, paid, cut_off):
    act_on(cut_off(), paid)
    failed = kept(session, paid)
    assert (failed.status, failed.attempts) == ("new", 1)
    assert failed.error.startswith("GatewayUnavailable: ")

    clock.advance(FIRST_GAP + timedelta(seconds=1))
    sweep_and_run(app, settings)

    done = kept(session, paid)
    assert (done.status, done.error, done.next_at) == ("done", None, None)
    assert booking_status(session) == BookingStatus.CONFIRMED


def test_what_fails_for_three_days_is_left_to_a_person_with_its_error(session, clock, paid, cut_off):
    while (event := kept(session, paid)).next_at is not None:
        clock.set(event.next_at + timedelta(seconds=1))
        act_on(cut_off(), paid)

    assert (event.status, event.error.partition(":")[0]) == ("parked", "GatewayUnavailable")


def test_an_event_whose_worker_died_is_taken_up_by_the_sweep(app, settings, session, clock, paid):
    session.execute(text("DELETE FROM procrastinate_jobs"))
    inbox.begin(session, paid, now=utcnow())
    session.commit()

    clock.advance(FIRST_GAP + timedelta(seconds=1))
    sweep_and_run(app, settings)

    assert (kept(session, paid).status, booking_status(session)) == ("done", BookingStatus.CONFIRMED)


def test_who_was_slower_does_not_undo_what_is_done(session, till, paid):
    inbox.begin(session, paid, now=utcnow())
    session.commit()
    act_on(till(), paid)

    inbox.fail(session, paid, "too slow", now=utcnow())
    session.commit()

    assert (kept(session, paid).status, kept(session, paid).error) == ("done", None)


def test_replaying_acts_once_more_and_changes_nothing(app, settings, session, till, paid):
    act_on(till(), paid)
    before = kept(session, paid).processed_at

    inbox.replay(session, paid, now=utcnow())
    session.commit()
    again = kept(session, paid)
    assert (again.status, again.attempts) == ("new", 0)
    run_jobs(app, settings)

    assert kept(session, paid).status == "done"
    assert kept(session, paid).processed_at > before
    assert booking_status(session) == BookingStatus.CONFIRMED


def test_what_a_person_has_set_aside_is_not_tried_until_it_is_replayed(app, settings, session, clock, strange):
    inbox.park(session, strange, now=utcnow())
    session.commit()

    clock.advance(timedelta(days=1))
    sweep_and_run(app, settings)

    event = kept(session, strange)
    assert (event.status, event.attempts, event.next_at) == ("parked", 0, None)
    assert event.processed_at is not None


def test_what_an_event_said_in_full_is_forgotten_once_it_was_long_dealt_with(
    app, settings, session, clock, paid, strange
):
    sweep_and_run(app, settings)
    clock.advance(inbox.BODIES_KEPT_FOR - timedelta(hours=1))
    sweep(app, "payments:nightly")
    before = kept(session, paid).body["id"]
    clock.advance(timedelta(hours=2))
    sweep(app, "payments:nightly")

    assert (before, kept(session, paid).body) == (paid, {})
    assert (kept(session, paid).type, kept(session, paid).status) == (COMPLETED, "done")
    assert kept(session, strange).body["id"] == strange, "a person may still want to read what is left to them"


@pytest.mark.parametrize("act", [inbox.replay, inbox.park])
def test_an_event_that_never_came_cannot_be_acted_on(session, act):
    with pytest.raises(NotFound):
        act(session, "evt_of_nobody", now=utcnow())


def test_the_database_lets_no_new_event_be_forgotten(session, paid):
    with pytest.raises(IntegrityError) as refused:
        session.execute(text("UPDATE stripe_event SET next_at = NULL"))

    assert violated(refused.value) == "new_events_are_tried"
