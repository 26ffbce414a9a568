"""The inbox: what Stripe signed, once, in any order; and what nobody sent is found all the same (rules 4 and 7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.config import Settings
from marketplace.core.mail import MailRow
from payments.models.sales import Payment, StripeEvent
from payments.queries import sales as queries
from payments.till import Till
from tests.conftest import MovableClock
from tests.jobs import run_jobs, sweep, waiting_jobs
from tests.stripe_side import StripeSide

COMPLETED = "checkout.session.completed"


@pytest.fixture
def paid(session: Session, bought: queries.Sale, stripe_side: StripeSide) -> queries.Sale:
    """Paid at Stripe, and nothing of it has reached us."""
    stripe_side.pay(str(session.scalars(select(Payment.stripe_session_id)).one()))
    session.commit()
    return bought


def status_now(session: Session, sale: queries.Sale) -> BookingStatus:
    session.rollback()
    return BookingStatus(session.scalars(select(Booking.status).where(Booking.id == sale.booking.id)).one())


def letters(session: Session) -> int:
    return session.execute(select(func.count()).select_from(MailRow)).scalar_one()


def test_an_event_is_stored_with_its_job_and_the_worker_confirms(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, paid: queries.Sale, stripe_side: StripeSide
) -> None:
    event = stripe_side.events(COMPLETED)[0]

    answer = stripe_side.send(client, event)
    before = status_now(session, paid)
    run_jobs(app, settings)

    assert (answer.status_code, before) == (200, BookingStatus.HELD)
    assert status_now(session, paid) is BookingStatus.CONFIRMED
    assert session.get_one(StripeEvent, event["id"]).status == "done"


def test_an_event_that_comes_twice_takes_effect_once(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, paid: queries.Sale, stripe_side: StripeSide
) -> None:
    event = stripe_side.events(COMPLETED)[0]

    answers = [stripe_side.send(client, event).status_code for _ in range(3)]
    jobs = [name for name, _ in waiting_jobs(app)]
    run_jobs(app, settings)

    assert answers == [200, 200, 200]
    assert jobs.count("payments:apply_event") == 1
    assert letters(session) == 2


def test_events_in_the_wrong_order_end_in_the_same_state(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, paid: queries.Sale, stripe_side: StripeSide
) -> None:
    for event in reversed(stripe_side.events()):
        assert stripe_side.send(client, event).status_code == 200
        run_jobs(app, settings)

    assert status_now(session, paid) is BookingStatus.CONFIRMED
    assert letters(session) == 2


def test_an_event_only_makes_us_look_and_is_not_believed(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    """Signed, but not true: nothing has been paid."""
    session_id = session.scalars(select(Payment.stripe_session_id)).one()
    claimed = stripe_side.get(f"/v1/checkout/sessions/{session_id}") | {"status": "complete", "payment_status": "paid"}
    event = {
        "id": "evt_untrue",
        "object": "event",
        "api_version": "2019-01-01",
        "created": 1_796_000_000,
        "livemode": False,
        "type": COMPLETED,
        "data": {"object": claimed},
    }

    stripe_side.send(client, event)
    run_jobs(app, settings)

    assert status_now(session, bought) is BookingStatus.HELD


@pytest.mark.parametrize("found_by", ["return page", "sweep"])
def test_a_webhook_that_never_comes_is_not_missed(
    app: Flask,
    session: Session,
    settings: Settings,
    paid: queries.Sale,
    till: Callable[[], Till],
    clock: MovableClock,
    found_by: str,
) -> None:
    assert paid.payment is not None
    if found_by == "return page":
        till().look(paid.payment.id)
    else:
        clock.advance(timedelta(minutes=3))
        sweep(app, "payments:sweep")
        run_jobs(app, settings)

    assert status_now(session, paid) is BookingStatus.CONFIRMED


def test_all_three_ways_at_once_confirm_once(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    paid: queries.Sale,
    till: Callable[[], Till],
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    assert paid.payment is not None
    stripe_side.send(client, stripe_side.events(COMPLETED)[0])
    till().look(paid.payment.id)
    clock.advance(timedelta(minutes=3))
    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    assert status_now(session, paid) is BookingStatus.CONFIRMED
    assert letters(session) == 2


def test_a_webhook_days_late_finds_a_payment_that_came_too_late(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    paid: queries.Sale,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    """The sweep had it long before; the late event changes nothing."""
    clock.advance(timedelta(minutes=40))
    sweep(app, "payments:sweep")
    run_jobs(app, settings)
    clock.advance(timedelta(days=2))

    assert stripe_side.send(client, stripe_side.events(COMPLETED)[0]).status_code == 200
    run_jobs(app, settings)

    assert status_now(session, paid) is BookingStatus.CONFIRMED
    assert letters(session) == 2


def test_an_event_of_an_unknown_session_is_parked_and_answered(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, stripe_side: StripeSide
) -> None:
    parameters: dict[str, str | int] = {
        "mode": "payment",
        "success_url": "https://example.org",
        "line_items[0][quantity]": 1,
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": 900,
        "line_items[0][price_data][product_data][name]": "Something else",
    }
    made = stripe_side.post("/v1/checkout/sessions", **parameters)
    stripe_side.pay(made["id"])
    event = stripe_side.events(COMPLETED)[0]

    assert stripe_side.send(client, event).status_code == 200
    run_jobs(app, settings)

    assert session.get_one(StripeEvent, event["id"]).status == "parked"


@pytest.mark.parametrize(
    ("secret", "age", "why"),
    [
        pytest.param("whsec_of_somebody_else", 0, "forged", id="signed by somebody else"),
        pytest.param(None, 301, "old", id="signed five minutes ago"),
        pytest.param(None, -301, "early", id="signed five minutes from now"),
    ],
)
def test_what_stripe_did_not_sign_these_minutes_is_refused(
    client: FlaskClient,
    session: Session,
    paid: queries.Sale,
    stripe_side: StripeSide,
    secret: str | None,
    age: float,
    why: str,
) -> None:
    answer = stripe_side.send(client, stripe_side.events(COMPLETED)[0], secret=secret, age=age)

    assert (answer.status_code, why != "") == (400, True)
    assert session.scalars(select(StripeEvent)).all() == []


@pytest.mark.parametrize("signature", [{}, {"Stripe-Signature": "t=now,v1=x"}, {"Stripe-Signature": "nonsense"}])
def test_an_unsigned_body_is_refused(client: FlaskClient, session: Session, signature: dict[str, str]) -> None:
    answer = client.post("/webhooks/stripe", data=b"{}", headers=signature)

    assert answer.status_code == 400


def test_an_event_of_live_mode_is_refused_by_a_test_key(
    client: FlaskClient, paid: queries.Sale, stripe_side: StripeSide
) -> None:
    event = stripe_side.events(COMPLETED)[0] | {"livemode": True}

    assert stripe_side.send(client, event).status_code == 400
