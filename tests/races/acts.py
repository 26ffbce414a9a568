"""What people, workers and Stripe do about a time until it is sold, each with what came before: to be killed at any
point, and to come in between each other."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text

from booking.services.hold import SlotTaken
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.jobs import TASKS
from marketplace.offerings.models import Offering
from payments.models.sales import Purchase
from payments.queries import sales as queries
from payments.services.buy import Order
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.conftest import MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.conftest import TEN
from tests.payments.test_till import made_and_died
from tests.stripe_side import StripeSide

COMPLETED = "checkout.session.completed"
NOON = TEN + timedelta(hours=2)
END = TEN + timedelta(hours=1)
LAST_MINUTES, OVER = timedelta(minutes=31), timedelta(minutes=36)


@dataclass(frozen=True, slots=True)
class World:
    """A site of its own, with an account of its own at Stripe. Ada buys an hour of Grace; Alan may be faster."""

    app: Flask
    settings: Settings
    clock: MovableClock
    stripe: StripeSide

    def till(self) -> Till:
        """Within an application context: as a request or a job has one."""
        return Till(db.session(), StripeGateway(self.settings), self.settings, utcnow())


Act = Callable[[World], None]


def nothing(_world: World) -> None:
    """Nobody has done anything yet."""


def people(world: World) -> None:
    with world.app.app_context():
        make_user(db.session(), "Ada Example")
        make_user(db.session(), "Alan Example")
        mentor = make_mentor(db.session())
        make_offering(db.session(), mentor)
        make_offering(db.session(), mentor, kind="fit_call")
        db.session.commit()


def order(name: str = "Ada Example", kind: str = "session") -> Order:
    """No transaction stays open."""
    mentee = db.session.scalars(select(User).where(User.name == name)).one()
    offering = db.session.scalars(select(Offering).where(Offering.kind == kind)).one()
    db.session.commit()
    return Order(mentee, offering.mentor_id, offering.id, TEN)


def the_sale() -> queries.Sale:
    """The newest. No transaction stays open."""
    purchase = db.session.scalars(select(Purchase).order_by(Purchase.id.desc()).limit(1)).one()
    sale = queries.sale_of(db.session(), purchase)
    db.session.commit()
    return sale


def the_payment() -> int:
    payment = the_sale().payment
    assert payment is not None
    return payment.id


def buy(world: World) -> None:
    with world.app.app_context():
        sale = world.till().buy(order())
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)


def hold_only(world: World) -> None:
    with world.app.app_context():
        world.till().buy(order())


def hold_and_wait(world: World) -> None:
    hold_only(world)
    world.clock.advance(timedelta(minutes=20))


def pay(world: World) -> None:
    """Whatever can be paid at Stripe."""
    for found in world.stripe.sessions():
        if found["status"] == "open":
            assert world.stripe.pay(found["id"]) == "paid"


def buy_and_pay(world: World) -> None:
    buy(world)
    pay(world)


def buy_and_wait(minutes: timedelta) -> Act:
    def before(world: World) -> None:
        buy(world)
        world.clock.advance(minutes)

    return before


def look(world: World) -> None:
    with world.app.app_context():
        world.till().look(the_payment())


def give_back(world: World) -> None:
    with world.app.app_context():
        world.till().look(the_payment(), give_back=True)


def extend(world: World) -> None:
    with world.app.app_context():
        sale = world.till().extend(the_sale())
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)


def replace(world: World) -> None:
    with world.app.app_context():
        wanted = order()
        sale = world.till().replace(the_sale(), Order(wanted.mentee, wanted.mentor_id, wanted.offering_id, NOON))
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)


def work(world: World, task: str) -> None:
    """A worker takes the waiting jobs of a task. Should it die, the queue does not bring them again: the sweep must."""
    assert run_waiting(world, task) > 0, f"no job of {task} waits"


def run_waiting(world: World, like: str, *, failing: bool = False) -> int:
    """Takes the waiting jobs whose task is like that off the queue and runs each; says how many.

    `failing`: Stripe may be away. Such a job fails, and the next sweep asks again.
    """
    taken = text("DELETE FROM procrastinate_jobs WHERE task_name LIKE :like AND status::text = 'todo' RETURNING *")
    with world.app.app_context(), db.engine.begin() as connection:
        jobs = sorted((row.id, row.task_name, row.args) for row in connection.execute(taken, {"like": like}))
    for _, task, arguments in jobs:
        with world.app.app_context(), suppress(*([GatewayUnavailable] if failing else [])):
            TASKS[task](**arguments)
    return len(jobs)


def sweep_then(task: str, *, by: str = "payments:sweep") -> Act:
    def run(world: World) -> None:
        with world.app.app_context():
            TASKS[by]()
        work(world, task)

    return run


def told_of(kind: str) -> Act:
    """Stripe sends its event, and a worker acts on it."""

    def run(world: World) -> None:
        event = world.stripe.events(kind)[-1]
        assert world.stripe.send(world.app.test_client(), event).status_code == 200
        work(world, "payments:apply_event")

    return run


def pay_too_late(world: World) -> None:
    """The hold went wrong here only, Alan has the time, and then Ada pays."""
    buy(world)
    with world.app.app_context():
        for table, status in (("booking", "expired"), ("payment", "expired"), ("purchase", "lapsed")):
            db.session.execute(text(f"UPDATE {table} SET status = '{status}'"))
        db.session.commit()
        world.till().buy(order("Alan Example", "fit_call"))
    pay(world)


def owe_refund(world: World) -> None:
    pay_too_late(world)
    told_of("checkout.session.completed")(world)


def refund(world: World) -> None:
    owe_refund(world)
    work(world, "payments:send_refund")


def sell(world: World) -> None:
    buy_and_pay(world)
    look(world)
    world.clock.advance(timedelta(minutes=2))


def sell_an_hour_before(world: World) -> None:
    """Ada's session begins in an hour: half goes back if she cancels."""
    sell(world)
    world.clock.set(TEN - timedelta(hours=1))


def lost_to_alan(world: World) -> None:
    """Ada's hold is over and no sweep has seen it; Alan comes for its time."""
    with world.app.app_context():
        try:
            sale = world.till().buy(order("Alan Example"))
        except SlotTaken:
            return
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)


def lose_the_session_and_pay(world: World) -> None:
    """It is made at Stripe, the process dies before it writes that down, and all the same somebody pays."""
    hold_only(world)
    with world.app.app_context():
        payment = the_sale().payment
        assert payment is not None
        made_and_died(db.session(), world.settings, payment)
    pay(world)
