"""What people do about a programme: Ada buys six sessions of Grace, books them one after the other, or ends it."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from booking.domain.states import Canceller
from booking.models.bookings import Booking
from marketplace.core.db import db
from marketplace.mentors.models import Mentor
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.ending import end_pair, pair_ending
from marketplace.mentorships.services.papers import Writer
from payments.disputing import Disputing
from payments.domain.states import PurchaseStatus
from payments.models.sales import Purchase, PurchaseSession
from payments.services.book_bought import Chosen, book_bought
from payments.services.buy import Order
from payments.services.cancel import Wish
from payments.services.end_programme import EndWish, end_programme, ending
from payments.services.money_back import take_money_back
from payments.services.outcomes import bring_session_forward
from tests.factories import make_programme
from tests.payments.conftest import TEN
from tests.races import acts
from tests.races.acts import Act, World
from tests.races.later import send_refund

WEEK = timedelta(days=7)


def offer(world: World) -> None:
    with world.app.app_context():
        make_programme(db.session(), db.session.get_one(Mentor, acts.order().mentor_id))
        db.session.commit()


def hold(world: World) -> None:
    """And its checkout, as one presses on the mentor's page."""
    with world.app.app_context():
        ordered = acts.order(kind="programme")
        sale = world.till().buy(Order(ordered.mentee, ordered.mentor_id, ordered.offering_id, TEN))
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)


def hold_and_pay(world: World) -> None:
    offer(world)
    hold(world)
    acts.pay(world)


def buy(world: World) -> None:
    hold_and_pay(world)
    acts.look(world)


def the_programme() -> Purchase:
    """No transaction stays open."""
    found = db.session.scalars(select(Purchase).where(Purchase.status == PurchaseStatus.SOLD)).one()
    db.session.commit()
    return found


def book_at(start: datetime, position: int = 2) -> Act:
    def act(world: World) -> None:
        with world.app.app_context():
            till, chosen = world.till(), Chosen({position: start})
            session, purchase_id = till.session, the_programme().id
            till.change_time(partial(book_bought, session, purchase_id, chosen, now=till.now, settings=till.settings))

    return act


def book_what_is_left(hours: int = 0) -> Act:
    """All five Tuesdays that are left, so many hours after ten."""

    def act(world: World) -> None:
        with world.app.app_context():
            till = world.till()
            session, purchase_id = till.session, the_programme().id
            chosen = Chosen({number + 1: TEN + number * WEEK + timedelta(hours=hours) for number in range(1, 6)})
            till.change_time(partial(book_bought, session, purchase_id, chosen, now=till.now, settings=till.settings))

    return act


def end(world: World) -> None:
    """Whatever it comes to, as it stood on the page a moment ago."""
    with world.app.app_context():
        till, purchase = world.till(), the_programme()
        back = ending(till.session, purchase, Canceller.MENTEE, till.now).back.minor
        till.session.commit()
        wish = EndWish(Canceller.MENTEE, purchase.mentee_id, back)
        till.changing(partial(end_programme, till.session, purchase.id, wish, now=till.now))


def end_mentorship(world: World) -> None:
    """With the programme, as it stood on the page a moment ago."""
    with world.app.app_context():
        till, pair = world.till(), db.session.scalars(select(Mentorship)).one()
        writer = Writer(pair, pair.mentee_id, till.now)
        backs = pair_ending(till.session, pair, writer.role, till.now).backs
        till.session.commit()
        till.changing(partial(end_pair, till.session, writer, backs))


def call_off(position: int) -> Act:
    """In time, so that it stays bought."""

    def act(world: World) -> None:
        with world.app.app_context():
            booking = _booking(position)
            world.till().cancel(booking.id, Wish(Canceller.MENTEE, booking.mentee_id, "", 0))

    return act


def _booking(position: int) -> Booking:
    """No transaction stays open."""
    its = select(Booking).join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
    found = db.session.scalars(its.where(PurchaseSession.position == position)).one()
    db.session.commit()
    return found


def buy_and_call_off(world: World) -> None:
    buy(world)
    call_off(1)(world)


def take_the_money(world: World) -> None:
    with world.app.app_context():
        till, booking = world.till(), _booking(1)
        till.changing(partial(take_money_back, till.session, booking.id, now=till.now))


def begin(world: World) -> None:
    buy(world)
    world.clock.set(TEN + timedelta(hours=50))


def complete(world: World) -> None:
    with world.app.app_context():
        till, booking = world.till(), _booking(1)
        till.changing(partial(bring_session_forward, till.session, booking.id, now=till.now))


def book_and_book_again(world: World) -> None:
    """The second one is called off, and booked for another day."""
    book_at(TEN + WEEK)(world)
    call_off(2)(world)
    book_at(TEN + 2 * WEEK)(world)


def book_what_is_left_and_one_again(world: World) -> None:
    book_what_is_left()(world)
    call_off(4)(world)
    book_at(TEN + 6 * WEEK, 4)(world)


def call_off_and_take_the_money(world: World) -> None:
    call_off(1)(world)
    take_the_money(world)
    send_refund(world)


def end_and_send(world: World) -> None:
    end(world)
    send_refund(world)


def hear_of_the_bank(world: World) -> None:
    """What it has done is looked at."""
    [dispute] = world.stripe.get("/v1/disputes")["data"]
    with world.app.app_context():
        till = world.till()
        Disputing(till.session, till.gateway, till.now).look(dispute["id"])
        till.session.commit()
