"""What one may do with a hold: come back to it, extend it, put another in its place, from any tab (rules 4 and 5)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.services.hold import NotBookable, SlotTaken
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.domain.extending import Extension, extension
from payments.domain.states import PaymentStatus, PurchaseStatus
from payments.models.sales import Payment
from payments.queries import sales as queries
from payments.services.buy import HOLD, Order
from payments.services.extend import NotExtendable
from payments.till import PaidMeanwhile, Till
from tests.conftest import TUESDAY, MovableClock
from tests.payments.conftest import TEN
from tests.payments.test_till import payment_of, reread
from tests.stripe_side import StripeSide
from tests.web import sign_in, submit

TillMaker = Callable[[], Till]
LAST_MINUTES = timedelta(minutes=31)
NOON = TEN + timedelta(hours=2)


@pytest.mark.parametrize(
    ("made", "left", "offered"),
    [
        pytest.param(1, timedelta(minutes=20), Extension.LATER, id="early"),
        pytest.param(1, timedelta(minutes=5), Extension.NOW, id="exactly five minutes"),
        pytest.param(2, timedelta(seconds=1), Extension.NOW, id="the last second, a second time"),
        pytest.param(3, timedelta(minutes=2), Extension.NEVER, id="a third time"),
        pytest.param(1, timedelta(0), Extension.NEVER, id="over"),
    ],
)
def test_when_a_hold_can_be_extended(made: int, left: timedelta, offered: Extension) -> None:
    assert extension(sessions_made=made, held_until=TUESDAY + left, now=TUESDAY) is offered


def test_extending_ends_the_old_checkout_and_opens_a_new_one_for_the_same_time(
    session: Session, till: TillMaker, bought: queries.Sale, clock: MovableClock, stripe_side: StripeSide
) -> None:
    clock.advance(LAST_MINUTES)

    sale = till().extend(reread(session, bought))
    till().open_checkout(payment_of(sale).id)

    assert sale.booking.id == bought.booking.id
    assert sale.booking.held_until is not None
    assert sale.booking.held_until - utcnow() > HOLD - timedelta(minutes=1)
    assert sorted(found["status"] for found in stripe_side.sessions()) == ["expired", "open"]
    statuses = session.scalars(select(Payment.status).order_by(Payment.id)).all()
    assert statuses == [PaymentStatus.EXPIRED, PaymentStatus.OPEN]


def test_a_hold_is_extended_at_most_twice(
    session: Session, till: TillMaker, bought: queries.Sale, clock: MovableClock
) -> None:
    sale = reread(session, bought)
    for _ in range(2):
        clock.advance(LAST_MINUTES)
        sale = till().extend(sale)
        till().open_checkout(payment_of(sale).id)
        sale = reread(session, sale)
    clock.advance(LAST_MINUTES)

    with pytest.raises(NotExtendable, match="twice"):
        till().extend(sale)


def test_a_hold_is_not_extended_early(session: Session, till: TillMaker, bought: queries.Sale) -> None:
    with pytest.raises(NotExtendable, match="last five minutes"):
        till().extend(reread(session, bought))


def test_extending_what_was_paid_confirms_it(
    session: Session, till: TillMaker, bought: queries.Sale, clock: MovableClock, stripe_side: StripeSide
) -> None:
    sale = reread(session, bought)
    clock.advance(LAST_MINUTES)
    stripe_side.pay(str(payment_of(sale).stripe_session_id))

    sale = till().extend(sale)

    assert (sale.booking.state, sale.purchase.status) == (BookingStatus.CONFIRMED, PurchaseStatus.SOLD)
    assert len(stripe_side.sessions()) == 1


def test_paying_after_extending_confirms_once(
    session: Session, till: TillMaker, bought: queries.Sale, clock: MovableClock, stripe_side: StripeSide
) -> None:
    clock.advance(LAST_MINUTES)
    sale = till().extend(reread(session, bought))
    till().open_checkout(payment_of(sale).id)
    first, second = session.scalars(select(Payment).order_by(Payment.id)).all()
    session.commit()

    assert stripe_side.pay(str(first.stripe_session_id)) != "paid"  # the oldest tab
    stripe_side.pay(str(second.stripe_session_id))
    for payment in (first, second):
        till().look(payment.id)

    assert reread(session, sale).booking.state is BookingStatus.CONFIRMED
    assert stripe_side.refunds() == []


def test_a_hold_found_over_while_it_is_extended_is_bought_anew(
    session: Session, till: TillMaker, bought: queries.Sale, clock: MovableClock, stripe_side: StripeSide
) -> None:
    """The webhook of the expiry was faster than the extension's own commit."""
    sale = reread(session, bought)
    clock.advance(LAST_MINUTES)
    extending = till()
    session.expunge(payment_of(sale))  # what the extension has read stays as it was
    stripe_side.expire(str(payment_of(sale).stripe_session_id))
    till().look(payment_of(sale).id)

    again = extending.extend(sale)

    assert again.purchase.id != sale.purchase.id
    assert (again.booking.state, again.booking.starts_at) == (BookingStatus.HELD, TEN)


def test_replacing_gives_the_first_time_back_and_holds_the_second(
    session: Session, till: TillMaker, bought: queries.Sale, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sale = till().replace(reread(session, bought), Order(ada, hour.mentor_id, hour.id, NOON))

    assert (sale.booking.state, sale.booking.starts_at) == (BookingStatus.HELD, NOON)
    assert reread(session, bought).booking.state is BookingStatus.RELEASED
    assert [found["status"] for found in stripe_side.sessions()] == ["expired"]


def test_replacing_by_an_overlapping_time_is_not_in_its_own_way(
    session: Session, till: TillMaker, bought: queries.Sale, ada: User, hour: Offering
) -> None:
    sale = till().replace(reread(session, bought), Order(ada, hour.mentor_id, hour.id, TEN + timedelta(minutes=30)))

    assert sale.booking.state is BookingStatus.HELD


@pytest.mark.parametrize(
    ("start", "refusal"),
    [
        pytest.param(NOON, SlotTaken, id="taken"),
        pytest.param(TEN + timedelta(days=5), NotBookable, id="on a Sunday"),
    ],
)
def test_a_time_that_cannot_be_had_gives_nothing_back(
    session: Session,
    till: TillMaker,
    bought: queries.Sale,
    ada: User,
    alan: User,
    hour: Offering,
    start: object,
    refusal: type[Exception],
) -> None:
    till().buy(Order(alan, hour.mentor_id, hour.id, NOON))

    with pytest.raises(refusal):
        till().replace(reread(session, bought), Order(ada, hour.mentor_id, hour.id, start))  # type: ignore[arg-type]

    assert reread(session, bought).booking.state is BookingStatus.HELD


def test_replacing_what_was_paid_meanwhile_keeps_it(
    session: Session, till: TillMaker, bought: queries.Sale, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sale = reread(session, bought)
    stripe_side.pay(str(payment_of(sale).stripe_session_id))

    with pytest.raises(PaidMeanwhile):
        till().replace(sale, Order(ada, hour.mentor_id, hour.id, NOON))

    assert reread(session, bought).booking.state is BookingStatus.CONFIRMED
    assert len(session.scalars(select(Booking)).all()) == 1


def test_the_pages_extend_and_replace(
    client: FlaskClient, session: Session, bought: queries.Sale, ada: User, hour: Offering, clock: MovableClock
) -> None:
    slug = session.scalar(select(Mentor.slug))
    sale = reread(session, bought)
    sign_in(client, ada)
    path = f"/checkout/{sale.purchase.public_id}"

    early = submit(client, f"{path}/extend", page=f"{path}/cancel")
    hidden = "hidden data-last-minutes" in client.get(f"{path}/cancel").text
    clock.advance(LAST_MINUTES)
    shown = client.get(f"{path}/cancel").text
    late = submit(client, f"{path}/extend", page=f"{path}/cancel")
    chosen = {"offering": str(hour.id), "start": instant(NOON), "instead_of": sale.purchase.public_id}
    replaced = submit(client, f"/mentors/{slug}/holds", page="/account", **chosen)

    assert (early.location, late.location) == (f"{path}/cancel", f"{path}/cancel")
    assert (hidden, "Hold it longer" in shown, "data-last-minutes" in shown) == (True, True, False)
    assert replaced.status_code == 303
    held = session.scalars(select(Booking).where(Booking.status == "held")).one()
    assert held.starts_at == NOON


def test_somebody_elses_hold_is_not_given_back_for_mine(
    client: FlaskClient, session: Session, bought: queries.Sale, alan: User, hour: Offering
) -> None:
    slug = session.scalar(select(Mentor.slug))
    sale = reread(session, bought)
    sign_in(client, alan)
    chosen = {"offering": str(hour.id), "start": instant(NOON), "instead_of": sale.purchase.public_id}

    answer = submit(client, f"/mentors/{slug}/holds", page="/account", **chosen)

    assert answer.status_code == 404
    assert reread(session, bought).booking.state is BookingStatus.HELD
