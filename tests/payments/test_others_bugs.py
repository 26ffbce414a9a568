"""What went wrong at other booking and payment programs and no other test shows here (docs/others-bugs.md)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.services.hold import SlotTaken
from booking.services.locks import lock_people
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from marketplace.offerings.models import Offering
from payments.models.ledger import LedgerTransaction
from payments.models.sales import Refund, StripeEvent
from payments.queries import sales as queries
from payments.services.buy import Order
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.conftest import MovableClock
from tests.jobs import run_jobs, sweep, waiting_jobs
from tests.payments.conftest import TEN
from tests.payments.test_till import lapse_here_only, payment_of, reread, told
from tests.payments.test_views import press_pay, the_booking, the_purchase
from tests.stripe_side import StripeSide
from tests.web import sign_in

TillMaker = Callable[[], Till]
COMPLETED = "checkout.session.completed"
AT_ONCE = 4


def at_once(app: Flask, act: Callable[[], object]) -> list[object]:
    """The same by several threads, each in a context of its own, begun at one moment."""
    ready = Barrier(AT_ONCE)

    def one(_number: int) -> object:
        with app.app_context():
            ready.wait(10)
            done = act()
            db.session.remove()
            return done

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


@pytest.fixture
def paid(session: Session, bought: queries.Sale, stripe_side: StripeSide) -> queries.Sale:
    """Paid at Stripe, and nothing of it has reached us."""
    sale = reread(session, bought)
    assert stripe_side.pay(str(payment_of(sale).stripe_session_id)) == "paid"
    return sale


def test_one_event_that_comes_several_times_at_one_moment_is_stored_once(
    app: Flask, session: Session, paid: queries.Sale, stripe_side: StripeSide
) -> None:
    event = stripe_side.events(COMPLETED)[0]

    answers = at_once(app, lambda: stripe_side.send(app.test_client(), event).status_code)

    assert answers == [200] * AT_ONCE
    assert session.scalar(select(func.count()).select_from(StripeEvent)) == 1
    assert [name for name, _ in waiting_jobs(app)].count("payments:apply_event") == 1


def test_several_who_find_the_same_payment_at_one_moment_confirm_and_book_it_once(
    app: Flask, session: Session, paid: queries.Sale, settings: Settings, clock: MovableClock
) -> None:
    payment_id = payment_of(paid).id

    at_once(app, lambda: Till(db.session(), StripeGateway(settings), settings, clock.now()).look(payment_id))

    sale = reread(session, paid)
    assert sale.booking.state is BookingStatus.CONFIRMED
    assert told(session) == [("booking:booked", sale.purchase.mentee_id), ("booking:booked", sale.purchase.mentor_id)]
    assert session.scalars(select(LedgerTransaction.kind)).all() == ["payment_received"]


def test_an_event_is_taken_in_while_somebody_works_on_its_sale(
    app: Flask, client: FlaskClient, session: Session, paid: queries.Sale, stripe_side: StripeSide
) -> None:
    event = stripe_side.events(COMPLETED)[0]
    lock_people(session, (paid.purchase.mentor_id, paid.purchase.mentee_id))

    answer = stripe_side.send(client, event)

    assert session.in_transaction()
    assert answer.status_code == 200


def test_booking_again_after_leaving_the_checkout_is_no_way_around_paying(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sign_in(client, ada)
    first = press_pay(client, session, hour)
    client.get(f"/checkout/{the_purchase(session).public_id}/cancel")

    again = press_pay(client, session, hour)

    assert (again.status_code, again.location) == (303, first.location)
    assert [made["payment_status"] for made in stripe_side.sessions()] == ["unpaid"]
    assert the_booking(session).state is BookingStatus.HELD


def test_a_time_that_waits_for_a_slow_payment_is_nobody_elses(
    session: Session, till: TillMaker, bought: queries.Sale, alan: User, hour: Offering, stripe_side: StripeSide
) -> None:
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id), "slow")
    till().look(payment.id)

    with pytest.raises(SlotTaken):
        till().buy(Order(alan, hour.mentor_id, hour.id, TEN + timedelta(minutes=30)))

    assert reread(session, bought).booking.state is BookingStatus.AWAITING_PAYMENT


def test_what_only_events_told_is_given_back_and_every_event_comes_to_an_end(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    till: TillMaker,
    bought: queries.Sale,
    ada: User,
    alan: User,
    hour: Offering,
    stripe_side: StripeSide,
) -> None:
    """Paid for a time that is somebody else's by now; nobody came back to the site, and Stripe goes on telling."""
    payment = payment_of(reread(session, bought))
    lapse_here_only(session, bought)
    till().buy(Order(alan, hour.mentor_id, hour.id, TEN))
    stripe_side.pay(str(payment.stripe_session_id))
    stripe_side.send(client, stripe_side.events(COMPLETED)[0])
    run_jobs(app, settings)

    answers = {stripe_side.send(client, event).status_code for event in stripe_side.events()}
    run_jobs(app, settings)
    sign_in(client, ada)
    page = client.get(f"/checkout/{bought.purchase.public_id}/return")

    assert answers == {200}
    assert set(session.scalars(select(StripeEvent.status))) == {"done"}
    assert session.scalars(select(Refund.status)).all() == ["succeeded"]
    assert [made["amount"] for made in stripe_side.refunds()] == [8050]
    assert "80.50" in page.text


def test_looking_over_and_over_leaves_the_one_checkout_open(
    app: Flask,
    session: Session,
    settings: Settings,
    bought: queries.Sale,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    before = payment_of(reread(session, bought)).stripe_session_id
    for _ in range(5):
        clock.advance(timedelta(minutes=3))
        sweep(app, "payments:sweep")
        run_jobs(app, settings)

    assert [(made["id"], made["status"]) for made in stripe_side.sessions()] == [(before, "open")]
    assert reread(session, bought).booking.state is BookingStatus.HELD


def test_a_declined_card_tells_nobody_of_a_session(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    bought: queries.Sale,
    till: TillMaker,
    stripe_side: StripeSide,
) -> None:
    payment = payment_of(reread(session, bought))
    assert stripe_side.pay(str(payment.stripe_session_id), "declined") == "declined"

    for event in stripe_side.events():
        stripe_side.send(client, event)
    till().look(payment.id)
    run_jobs(app, settings)

    assert session.scalar(select(func.count()).select_from(MailRow)) == 0
    assert reread(session, bought).booking.state is BookingStatus.HELD


def test_who_paid_while_stripe_is_silent_sees_no_error_and_pays_once(
    client: FlaskClient, session: Session, paid: queries.Sale, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    checkout = str(payment_of(paid).stripe_session_id)
    sign_in(client, ada)
    where = f"/v1/checkout/sessions/{checkout}"
    stripe_side.post("/_sandbox/faults", fault="500_before", method="GET", path=where, times=2)

    page = client.get(f"/checkout/{paid.purchase.public_id}/return")
    press_pay(client, session, hour)  # as who is not sure does
    again = stripe_side.pay(checkout)
    later = client.get(f"/checkout/{paid.purchase.public_id}/return")

    assert (page.status_code, again) == (200, "not_open")
    assert "Booked: Tue 8 Dec, 10:00" in later.text
    assert len(session.scalars(select(Booking)).all()) == len(stripe_side.sessions()) == 1
