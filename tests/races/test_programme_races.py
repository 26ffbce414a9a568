"""Two at once about one programme: its sessions are used once, and what is unused goes back once or is booked.

At every point of the one, the other comes in between. Each race has a control run without locks and triggers, which
does harm.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.mentors.models import Mentor
from payments.models.programmes import Programme, SessionBefore
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund
from payments.queries import settling as settle_queries
from payments.queries.ledger import violations
from payments.services import cancel, money_back, outcomes, programme_rows
from payments.services.book_bought import Chosen, book_bought
from payments.services.buy import Order
from payments.services.cancel import Wish, cancel_session
from payments.services.end_programme import EndWish, end_programme, ending
from payments.services.money_back import take_money_back
from payments.services.outcomes import bring_session_forward
from payments.services.rows import SoldRows
from tests.conftest import MovableClock
from tests.factories import make_programme
from tests.payments.conftest import TEN
from tests.races import acts
from tests.races.acts import Act, World
from tests.races.guards import Guards, all_guards
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew, world_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WEEK = timedelta(days=7)


@pytest.fixture
def world(settings: Settings, clock: MovableClock) -> Iterator[World]:
    world = world_of(settings, clock)
    yield world
    with world.app.app_context():
        db.engine.dispose()


def buy_programme(world: World) -> None:
    with world.app.app_context():
        known = acts.order()
        session = db.session()
        offering = make_programme(session, session.get_one(Mentor, known.mentor_id))
        session.commit()
        sale = world.till().buy(Order(known.mentee, offering.mentor_id, offering.id, TEN))
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)
    acts.pay(world)
    with world.app.app_context():
        world.till().look(acts.the_payment())


def _purchase() -> Purchase:
    found = db.session.scalars(select(Purchase)).one()
    db.session.commit()
    return found


def book_at(start: datetime) -> Act:
    def act(world: World) -> None:
        with world.app.app_context():
            till, purchase = world.till(), _purchase()
            chosen = Chosen(start, 2)
            till.change_time(
                lambda: book_bought(till.session, purchase.id, chosen, now=till.now, settings=till.settings)
            )

    return act


def end(world: World) -> None:
    """Whatever it comes to, as it stood on the page a moment ago."""
    with world.app.app_context():
        till, purchase = world.till(), _purchase()
        back = ending(till.session, purchase, Canceller.MENTEE, till.now).back.minor
        till.session.commit()
        wish = EndWish(Canceller.MENTEE, purchase.mentee_id, back)
        till.changing(lambda: end_programme(till.session, purchase.id, wish, now=till.now))


def call_off_the_first(world: World) -> None:
    buy_programme(world)
    with world.app.app_context():
        till, sale = world.till(), acts.the_sale()
        wish = Wish(Canceller.MENTEE, sale.purchase.mentee_id, "", 0)
        till.changing(lambda: cancel_session(till.session, sale.booking.id, wish, now=till.now))


def take_the_money(world: World) -> None:
    with world.app.app_context():
        till, booking = world.till(), acts.the_sale().booking
        till.changing(lambda: take_money_back(till.session, booking.id, now=till.now))


def begin_it(world: World) -> None:
    buy_programme(world)
    world.clock.set(TEN + timedelta(hours=50))


def complete(world: World) -> None:
    with world.app.app_context():
        till, booking = world.till(), acts.the_sale().booking
        till.changing(lambda: bring_session_forward(till.session, booking.id, now=till.now))


@contextmanager
def no_locks_and_used_any_number_of_times(world: World) -> Iterator[None]:
    """Rows are read as they are, and the database lets a session be used again. For control runs only."""
    with world.app.app_context(), db.engine.begin() as connection:
        for trigger in ("session_is_used_once", "sold_is_frozen"):
            connection.execute(text(f"ALTER TABLE purchase_session DISABLE TRIGGER {trigger}"))
        connection.execute(text("ALTER TABLE purchase_session DROP CONSTRAINT IF EXISTS returned_was_to_book"))
        connection.execute(text("ALTER TABLE programme DROP CONSTRAINT IF EXISTS nobody_is_asked_after_the_end"))

    def nothing(*_arguments: object) -> None:
        return

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(programme_rows, "lock_people", nothing)
        patched.setattr(programme_rows, "lock_purchase", lambda session, number: session.get_one(Purchase, number))
        patched.setattr(programme_rows, "lock_bookings_of", _bookings)
        patched.setattr(programme_rows, "lock_payment_that_bought", lambda session, _: _payment(session))
        for module in (cancel, money_back, outcomes):
            patched.setattr(module, "lock_sold", _sold)
        yield


def _bookings(session, purchase_id):
    its = select(PurchaseSession.booking_id).where(PurchaseSession.purchase_id == purchase_id)
    return list(session.scalars(select(Booking).where(Booking.id.in_(its)).order_by(Booking.id)))


def _payment(session):
    return session.scalars(select(Payment)).one()


def _sold(session, booking_id):
    return SoldRows(session.scalars(select(Purchase)).one(), session.get_one(Booking, booking_id), _payment(session))


def harm(world: World) -> list[str]:
    """What must not be true at any moment at which nobody acts; a line each."""
    with world.app.app_context():
        session = db.session()
        used = select(PurchaseSession.booking_id).where(~PurchaseSession.to_book)
        before = select(SessionBefore.booking_id)
        lost = Booking.id.not_in(used) & Booking.id.not_in(before) & (Booking.status == BookingStatus.CONFIRMED)
        ended = session.scalar(select(Programme.ended_at))
        found = {
            "booked out of nothing": session.scalar(select(func.count()).select_from(Booking).where(lost)),
            "more back than was paid": _too_much(session),
            "booked after the end": _ahead(session) if ended else 0,
        }
        told = [f"{what}: {number}" for what, number in found.items() if number]
        told += violations(session) + [
            f"session {name} is not settled" for _, name in settle_queries.unsettled(session)
        ]
        db.session.rollback()
    return told


def _too_much(session):
    back = session.scalar(select(func.coalesce(func.sum(Refund.amount_minor), 0)))
    return max(int(back) - int(session.scalar(select(Payment.paid_minor)) or 0), 0)


def _ahead(session):
    return session.scalar(
        select(func.count()).where(Booking.status == BookingStatus.CONFIRMED, Booking.starts_at > TEN)
    )


RACES = [
    pytest.param(buy_programme, book_at(TEN + WEEK), book_at(TEN + 2 * WEEK), id="two book the same session"),
    pytest.param(buy_programme, end, book_at(TEN + WEEK), id="ended while it is booked"),
    pytest.param(buy_programme, book_at(TEN + WEEK), end, id="booked while it ends"),
]
SAFE_ANYWAY = [
    pytest.param(call_off_the_first, end, take_the_money, id="ended while the money of one is taken"),
    pytest.param(call_off_the_first, take_the_money, end, id="the money of one taken while it ends"),
    pytest.param(begin_it, end, complete, id="ended while a session is settled"),
    pytest.param(begin_it, complete, end, id="a session settled while it ends"),
    pytest.param(buy_programme, end, end, id="both end it"),
]


def played(world: World, before: Act, one: Act, other: Act, guards: Guards) -> Iterator[list[str]]:
    """The harm at each point of the one."""
    begun = begin_anew(world)
    before(begun)
    points = points_to_interrupt(begun, one)
    for point in points:
        begun = begin_anew(world)
        before(begun)
        with guards(begun):
            interrupt(begun, one, point, other)
        yield harm(begun)


@pytest.mark.parametrize(("before", "one", "other"), [*RACES, *SAFE_ANYWAY])
def test_whoever_comes_in_between_each_session_is_used_once(
    world: World, before: Act, one: Act, other: Callable[[World], None]
) -> None:
    assert [found for found in played(world, before, one, other, all_guards) if found] == []


@pytest.mark.parametrize(("before", "one", "other"), RACES)
def test_without_locks_and_triggers_harm_is_done(world: World, before: Act, one: Act, other: Act) -> None:
    assert any(played(world, before, one, other, no_locks_and_used_any_number_of_times))
