"""What no webhook told is found by asking: undelivered events, and sessions whose money nobody told us of."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.app import create_app
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.mail import MailRow
from payments import polling
from payments.domain.states import PaymentStatus
from payments.models.polls import PollState
from payments.models.sales import Refund, StripeEvent
from payments.services.buy import Order
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.jobs import run_jobs, sweep, waiting_jobs
from tests.payments.conftest import TEN
from tests.payments.test_commands import owed
from tests.payments.test_inbox import COMPLETED, NOWHERE
from tests.payments.test_stripe_gateway import SOMETHING_ELSE, listen_in_vain
from tests.payments.test_till import lapse_here_only, made_and_died, payment_of, reread

POLLS: list[tuple[str, dict[str, object]]] = [
    ("payments:poll_events", {}),
    ("payments:poll_sessions", {}),
    ("payments:poll_disputes", {}),
]


def poll(app, settings):
    sweep(app, "payments:poll")
    run_jobs(app, settings)


def done_at(session, name=polling.EVENTS):
    session.rollback()
    return session.scalar(select(PollState.done_at).where(PollState.name == name))


@pytest.fixture
def unheard(bought, session, stripe_side):
    """Ada has paid, and Stripe cannot reach us."""
    listen_in_vain(stripe_side)
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    return bought


def test_an_event_that_could_not_be_delivered_is_fetched_and_acted_on(app, settings, session, unheard):
    polling.poll_events(Till(session, StripeGateway(settings), settings, utcnow()))
    run_jobs(app, settings)

    event = session.scalars(select(StripeEvent)).one()
    assert (event.source, event.status, event.type) == ("poll", "done", COMPLETED)
    assert reread(session, unheard).booking.state is BookingStatus.CONFIRMED


def test_a_polled_event_that_arrives_after_all_takes_effect_once(app, settings, client, session, unheard, stripe_side):
    poll(app, settings)

    assert stripe_side.send(client, stripe_side.events(COMPLETED)[0]).status_code == 200
    run_jobs(app, settings)

    assert session.scalar(select(func.count()).select_from(StripeEvent)) == 1
    assert session.scalar(select(func.count()).select_from(MailRow)) == 2


def test_a_payment_is_found_though_no_worker_ran_for_days(app, settings, session, bought, stripe_side, clock):
    poll(app, settings)
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    lapse_here_only(session, bought)
    clock.advance(timedelta(days=5))

    poll(app, settings)

    assert payment_of(reread(session, bought)).status == PaymentStatus.PAID


def test_a_refund_that_came_back_weeks_before_any_worker_ran_is_found(
    app, settings, session, till, bought, stripe_side, clock
):
    listen_in_vain(stripe_side)
    owed(session, till, bought, stripe_side)
    run_jobs(app, settings)
    [made] = stripe_side.refunds()
    stripe_side.post(f"/_sandbox/refunds/{made['id']}/settle", outcome="fail")
    clock.advance(timedelta(days=20))

    poll(app, settings)

    session.rollback()
    assert session.scalars(select(Refund.status)).one() == "failed"


def test_stripe_is_asked_once_in_a_quarter_of_an_hour(app, settings, clock):
    sweep(app, "payments:poll")
    sweep(app, "payments:poll")
    assert waiting_jobs(app) == POLLS
    run_jobs(app, settings)

    clock.advance(timedelta(minutes=14))
    sweep(app, "payments:poll")
    assert waiting_jobs(app) == []

    clock.advance(timedelta(minutes=1))
    sweep(app, "payments:poll")
    assert waiting_jobs(app) == POLLS


@pytest.mark.parametrize(
    ("last_poll", "found"),
    [
        pytest.param(timedelta(minutes=59), 1, id="within the overlap"),
        pytest.param(timedelta(minutes=62), 0, id="seen by the poll before"),
    ],
)
def test_what_happened_shortly_before_the_last_poll_is_asked_about_again(
    session, settings, unheard, clock, last_poll, found
):
    session.add(PollState(name=polling.EVENTS, done_at=utcnow() + last_poll))
    session.commit()
    clock.advance(timedelta(hours=2))

    assert polling.poll_events(Till(session, StripeGateway(settings), settings, utcnow())) == found


def test_a_poll_that_failed_is_not_counted(session, settings, app):
    nowhere = replace(settings, stripe_api_base=NOWHERE)
    for ask in (polling.poll_events, polling.poll_sessions):
        with pytest.raises(GatewayUnavailable):
            ask(Till(session, StripeGateway(nowhere), nowhere, utcnow()))

    assert (done_at(session), done_at(session, polling.SESSIONS)) == (None, None)


def test_a_paid_session_whose_id_was_lost_is_found_without_any_event(
    app, settings, session, till, ada, hour, stripe_side
):
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    made = made_and_died(session, settings, payment_of(sale))
    stripe_side.pay(made.id)

    polling.poll_sessions(till())

    sale = reread(session, sale)
    assert (sale.booking.state, payment_of(sale).stripe_session_id) == (BookingStatus.CONFIRMED, made.id)
    assert done_at(session, polling.SESSIONS) is not None


def test_money_for_a_time_that_is_over_here_is_found_without_any_event(session, till, bought, stripe_side):
    session_id = str(payment_of(reread(session, bought)).stripe_session_id)
    lapse_here_only(session, bought)
    stripe_side.pay(session_id)

    polling.poll_sessions(till())

    assert reread(session, bought).booking.state is BookingStatus.CONFIRMED
    assert session.scalars(select(Refund)).all() == []


def test_sessions_of_others_are_left_alone(session, till, stripe_side):
    made = stripe_side.post("/v1/checkout/sessions", **SOMETHING_ELSE, **{"metadata[payment]": "nobodys"})
    stripe_side.pay(made["id"])

    polling.poll_sessions(till())

    assert [each.id for each in polling.unknown_sessions(till(), utcnow() - timedelta(days=1)).strays] == [made["id"]]
    assert session.scalars(select(Booking)).all() == []


def test_without_a_key_stripe_is_not_asked(settings, app):
    keyless = create_app(replace(settings, stripe_secret_key=""))
    with keyless.app_context():
        sweep(keyless, "payments:poll")
        waiting = waiting_jobs(keyless)
        db.engine.dispose()

    assert waiting == []
