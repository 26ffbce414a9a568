"""The ways that money goes, each with what came before: to be killed at any point, and watched for their locks."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Flask
from sqlalchemy import select, text

from booking.domain.outcomes import WINDOW, Decision, Said, Side
from booking.domain.states import Canceller
from booking.models import Booking
from booking.move_models import MoveProposal
from booking.services.hold import SlotTaken
from booking.services.move import NewTime
from booking.services.propose import Answer
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import Json, db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.jobs import TASKS
from marketplace.offerings.models import Offering
from payments import queries
from payments.domain.refunds import RefundState
from payments.models import Purchase, Refund
from payments.services.buy import Order
from payments.services.cancel import Wish
from payments.services.outcomes import Ruling, Saying
from payments.services.proposals import accept_proposal, propose_time, take_all_back, withdraw_proposal
from payments.stripe_gateway import StripeGateway
from payments.till import Till
from tests.conftest import MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.conftest import TEN
from tests.payments.test_till import made_and_died
from tests.stripe_side import StripeSide

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


def nothing(_world: World) -> None:
    """Nobody has done anything yet."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`run` is what may die at any point: a process or two. `before` is what others have done, `after` what Ada does
    when it has died, and `ends` how it may end for her: sold, refunded or free (of cost, and the time too)."""

    name: str
    before: Callable[[World], None]
    run: Callable[[World], None]
    ends: str
    after: Callable[[World], None] = nothing


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


def buy_and_wait(minutes: timedelta) -> Callable[[World], None]:
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


def sweep_then(task: str) -> Callable[[World], None]:
    def run(world: World) -> None:
        with world.app.app_context():
            TASKS["payments:sweep"]()
        work(world, task)

    return run


def told_of(kind: str) -> Callable[[World], None]:
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


def cancel_as(by: Canceller, agreed_minor: int) -> Callable[[World], None]:
    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_sale().booking
            person = booking.mentee_id if by is Canceller.MENTEE else booking.mentor_id
            booking_id = booking.id
            db.session.commit()
            world.till().cancel(booking_id, Wish(by, person, "", agreed_minor))

    return run


ADA_CANCELS, GRACE_CANCELS = cancel_as(Canceller.MENTEE, 4025), cancel_as(Canceller.MENTOR, 8050)


def move_to(start: datetime, *, seen: int = 0) -> Callable[[World], None]:
    """Ada, from a page on which her session was as it is after it was bought."""

    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_first_session()
            world.till().move(booking.id, NewTime(start, booking.mentee_id, "", seen))

    return run


def the_first_session() -> Booking:
    """Ada's, which is for sale first. No transaction stays open."""
    booking = db.session.scalars(select(Booking).order_by(Booking.id).limit(1)).one()
    db.session.commit()
    return booking


TO_NOON, TO_THE_NEXT_DAY = move_to(NOON), move_to(TEN + timedelta(days=1))


def sell_and_propose(world: World) -> None:
    """Grace would rather meet at noon."""
    sell(world)
    with world.app.app_context():
        booking, till = the_first_session(), world.till()
        wanted = NewTime(NOON, booking.mentor_id, "", 0)
        till.change_time(partial(propose_time, till.session, booking.id, wanted, now=till.now, settings=till.settings))


def answer_with(act: Callable[..., None]) -> Callable[[World], None]:
    """From the page on which the first proposal stood, open or not."""

    def run(world: World) -> None:
        with world.app.app_context():
            booking, till = the_first_session(), world.till()
            read = db.session.scalars(select(MoveProposal.public_id).order_by(MoveProposal.id).limit(1)).one()
            db.session.commit()
            answer = Answer(booking.mentor_id if act is withdraw_proposal else booking.mentee_id, read)
            till.change_time(partial(act, till.session, booking.id, answer, now=till.now))

    return run


ADA_ACCEPTS, GRACE_WITHDRAWS = answer_with(accept_proposal), answer_with(withdraw_proposal)
ADA_TAKES_ALL_BACK = answer_with(take_all_back)


def accept_and_cancel(world: World) -> None:
    ADA_ACCEPTS(world)
    cancel_as(Canceller.MENTEE, 8050)(world)
    send_refund(world)


def take_back_and_send(world: World) -> None:
    ADA_TAKES_ALL_BACK(world)
    send_refund(world)


def move_and_cancel(world: World) -> None:
    """And the money goes back whole."""
    TO_NOON(world)
    cancel_as(Canceller.MENTEE, 8050)(world)
    send_refund(world)


def send_refund(world: World) -> None:
    work(world, "payments:send_refund")


def cancel_late(world: World) -> None:
    sell_an_hour_before(world)
    ADA_CANCELS(world)


def cancel_and_send(cancel: Callable[[World], None]) -> Callable[[World], None]:
    def run(world: World) -> None:
        cancel(world)
        send_refund(world)

    return run


def over(world: World) -> None:
    """Ada's session was, an hour ago."""
    sell(world)
    world.clock.set(END + timedelta(hours=1))


def says(side: Side, said: Said) -> Callable[[World], None]:
    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_sale().booking
            person = booking.mentee_id if side is Side.MENTEE else booking.mentor_id
            booking_id = booking.id
            db.session.commit()
            world.till().say(booking_id, Saying(side, person, said))

    return run


ADA_WAS_ALONE = says(Side.MENTEE, Said.OTHER_MISSING)
GRACE_WAS_MISSING, GRACE_WAS_THERE = says(Side.MENTOR, Said.WAS_MISSING), says(Side.MENTOR, Said.TOOK_PLACE)


def missed(world: World) -> None:
    over(world)
    ADA_WAS_ALONE(world)


def missed_without_an_answer(world: World) -> None:
    missed(world)
    world.clock.set(END + WINDOW)


def contradicted(world: World) -> None:
    missed(world)
    GRACE_WAS_THERE(world)


def decides(decision: Decision) -> Callable[[World], None]:
    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_sale().booking
            booking_id, operator_id = booking.id, booking.mentor_id
            db.session.commit()
            world.till().decide(booking_id, Ruling(decision, operator_id, "It seems so."))

    return run


FOR_ADA, FOR_GRACE = decides(Decision.MENTOR_MISSING), decides(Decision.TOOK_PLACE)


def complete_and_settle(world: World) -> None:
    """By sweeps alone: when it is over, and when nobody has said otherwise."""
    sweep_then("payments:bring_forward")(world)
    world.clock.set(END + WINDOW)
    sweep_then("payments:bring_forward")(world)


def lost_to_alan(world: World) -> None:
    """Ada's hold is over and no sweep has seen it; Alan comes for its time."""
    with world.app.app_context():
        try:
            sale = world.till().buy(order("Alan Example"))
        except SlotTaken:
            return
        assert sale.payment is not None
        world.till().open_checkout(sale.payment.id)


def meet_a_500(world: World) -> None:
    """Stripe breaks over the session, and would repeat that for its key; then it is asked again."""
    world.stripe.post("/_sandbox/faults", fault="500_before", path="/v1/checkout/sessions", times=1)
    with world.app.app_context(), suppress(GatewayUnavailable):
        world.till().open_checkout(the_payment())
    with world.app.app_context(), suppress(GatewayUnavailable):
        world.till().open_checkout(the_payment())


def meet_a_500_over_the_refund(world: World) -> None:
    """The refund is made, and the answer is an error; then it is asked for again."""
    world.stripe.post("/_sandbox/faults", fault="500_after_commit", path="/v1/refunds", times=1)
    with world.app.app_context():
        refund_id = db.session.scalars(select(Refund.id)).one()
        db.session.commit()
    for _ in range(2):
        with world.app.app_context(), suppress(GatewayUnavailable):
            world.till().send_refund(refund_id)


class BankInBetween(StripeGateway):
    """A bank disputes the payment between our look at it and the refund."""

    def __init__(self, world: World) -> None:
        super().__init__(world.settings)
        self.stripe = world.stripe

    def create_refund(self, params: Json, key: str) -> RefundState:
        self.stripe.post(f"/_sandbox/payments/{params['payment_intent']}/dispute")
        return super().create_refund(params, key)


def meet_a_bank_over_the_refund(world: World) -> None:
    with world.app.app_context():
        refund_id = db.session.scalars(select(Refund.id)).one()
        db.session.commit()
        Till(db.session(), BankInBetween(world), world.settings, utcnow()).send_refund(refund_id)


def the_bank_gives_way(world: World) -> None:
    """No webhook tells of it: a dispute that is open is looked at once an hour."""
    for dispute in world.stripe.get("/v1/disputes")["data"]:
        world.stripe.post(f"/_sandbox/disputes/{dispute['id']}/decide", decision="won")
    world.clock.advance(timedelta(hours=1))


def recover(world: World) -> None:
    """Stripe is well again."""
    world.stripe.post("/_sandbox/faults/disarm")


def lose_the_session_and_pay(world: World) -> None:
    """It is made at Stripe, the process dies before it writes that down, and all the same somebody pays."""
    hold_only(world)
    with world.app.app_context():
        payment = the_sale().payment
        assert payment is not None
        made_and_died(db.session(), world.settings, payment)
    pay(world)


def fail_over_an_event(world: World) -> None:
    """Stripe breaks while a worker acts on its event, twice: the library asks again by itself once."""
    event = world.stripe.events(COMPLETED)[-1]
    world.stripe.post("/_sandbox/faults", fault="500_before", path="/v1/checkout/sessions", method="GET", times=2)
    assert world.stripe.send(world.app.test_client(), event).status_code == 200
    work(world, "payments:apply_event")


COMPLETED = "checkout.session.completed"
FLOWS = [
    Flow("buy and open the checkout", nothing, buy, ends="free"),
    Flow("buy, and come back to pay", nothing, buy, after=buy_and_pay, ends="sold"),
    Flow("buy what an overdue hold occupies", buy_and_wait(OVER), lost_to_alan, ends="free"),
    Flow("open the checkout against a 500", hold_only, meet_a_500, after=recover, ends="free"),
    Flow("open the checkout too late", hold_and_wait, look, ends="free"),
    Flow("confirm by webhook", buy_and_pay, told_of(COMPLETED), ends="sold"),
    Flow("confirm by webhook against a 500", buy_and_pay, fail_over_an_event, after=recover, ends="sold"),
    Flow("confirm what was never stored", lose_the_session_and_pay, told_of(COMPLETED), ends="sold"),
    Flow("confirm by the return page", buy_and_pay, look, ends="sold"),
    Flow("expire by sweep", buy_and_wait(OVER), sweep_then("payments:look"), ends="free"),
    Flow("give back", buy, give_back, ends="free"),
    Flow("give back, and pay if one still can", buy, give_back, after=pay, ends="sold or free"),
    Flow("give back before it was sent", hold_only, give_back, ends="free"),
    Flow("extend", buy_and_wait(LAST_MINUTES), extend, ends="free"),
    Flow("extend, and pay what one can", buy_and_wait(LAST_MINUTES), extend, after=pay, ends="sold or free"),
    Flow("replace", buy, replace, ends="free"),
    Flow("replace, and pay what one can", buy, replace, after=pay, ends="sold or free"),
    Flow("pay too late", pay_too_late, told_of(COMPLETED), ends="refunded"),
    Flow("send the refund", owe_refund, lambda world: work(world, "payments:send_refund"), ends="refunded"),
    Flow("send the refund against a 500", owe_refund, meet_a_500_over_the_refund, after=recover, ends="refunded"),
    Flow(
        "send the refund against a bank",
        owe_refund,
        meet_a_bank_over_the_refund,
        after=the_bank_gives_way,
        ends="refunded",
    ),
    Flow("be told of the refund", refund, told_of("refund."), ends="refunded"),
    Flow("cancel late", sell_an_hour_before, cancel_and_send(ADA_CANCELS), ends="sold or refunded"),
    Flow("cancel as the mentor", sell_an_hour_before, cancel_and_send(GRACE_CANCELS), ends="sold or refunded"),
    Flow("move, and cancel there", sell, move_and_cancel, ends="sold or refunded"),
    Flow("accept a proposal, and cancel there", sell_and_propose, accept_and_cancel, ends="sold or refunded"),
    Flow("take all back", sell_and_propose, take_back_and_send, ends="sold or refunded"),
    Flow("send the half", cancel_late, send_refund, ends="refunded"),
    Flow("send the half against a 500", cancel_late, meet_a_500_over_the_refund, after=recover, ends="refunded"),
    Flow("complete and settle by sweep", over, complete_and_settle, ends="sold"),
    Flow(
        "settle what was missed by sweep",
        missed_without_an_answer,
        cancel_and_send(sweep_then("payments:bring_forward")),
        ends="refunded",
    ),
    Flow("admit that one did not come", missed, cancel_and_send(GRACE_WAS_MISSING), ends="sold or refunded"),
    Flow("decide where two contradict", contradicted, cancel_and_send(FOR_ADA), ends="sold or refunded"),
    Flow("book the fee", sell, sweep_then("payments:book_fee"), ends="sold"),
]
FLOW = {flow.name: flow for flow in FLOWS}
