"""A series as people buy it: Ada all six Tuesdays of Grace's programme, while others want one of them."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.db import db
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.services.buy import Order
from tests.factories import make_programme
from tests.payments.conftest import TEN
from tests.races import acts, programmes
from tests.races.acts import Act, World

TUESDAYS = tuple(TEN + timedelta(days=7 * number) for number in range(6))


def offered(world: World) -> None:
    with world.app.app_context():
        mentor = db.session.scalars(select(Mentor)).one()
        make_programme(db.session(), mentor, cadence_days=7)
        db.session.commit()


def order(name: str = "Ada Example") -> Order:
    """No transaction stays open."""
    mentee = db.session.scalars(select(User).where(User.name == name)).one()
    offering = db.session.scalars(select(Offering).where(Offering.kind == "programme")).one()
    db.session.commit()
    return Order(mentee, offering.mentor_id, offering.id, TUESDAYS[0], later=TUESDAYS[1:])


def buy_by(name: str) -> Act:
    def act(world: World) -> None:
        with world.app.app_context():
            sale = world.till().buy(order(name))
            assert sale.payment is not None
            world.till().open_checkout(sale.payment.id)

    return act


buy = buy_by("Ada Example")


def offered_and_bought(world: World) -> None:
    offered(world)
    buy(world)


def offered_and_paid(world: World) -> None:
    offered_and_bought(world)
    acts.pay(world)


def offered_and_over(world: World) -> None:
    offered_and_bought(world)
    world.clock.advance(acts.OVER)


def in_its_last_minutes(world: World) -> None:
    offered_and_bought(world)
    world.clock.advance(acts.LAST_MINUTES)


def sold_with_its_first(world: World) -> None:
    """Paid for, and the other five are to be booked."""
    offered(world)
    programmes.hold(world)
    acts.pay(world)
    acts.look(world)


def the_third_by_alan(world: World) -> None:
    """An hour that overlaps the third of them."""
    with world.app.app_context():
        hour = acts.order("Alan Example")
        start = TUESDAYS[2] + timedelta(minutes=30)
        world.till().buy(Order(hour.mentee, hour.mentor_id, hour.offering_id, start))


def bought_and_paid(world: World) -> None:
    buy(world)
    acts.pay(world)
