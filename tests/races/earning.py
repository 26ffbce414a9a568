"""What mentors have earned: it is paid, given back, taken back, kept of what comes next, or refused by Stripe."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from booking.domain.outcomes import WINDOW
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.jobs import TASKS
from marketplace.core.money import Money
from payments.models.exchanges import Exchange
from payments.models.payouts import PayoutAccount
from payments.models.returns import TransferReversal
from payments.paying import Paying
from payments.services.buy import Order
from payments.services.give_back import Giving
from payments.services.release_exchange import release_exchange
from payments.stripe_api.gateway import StripeGateway
from payments.taking_back import TakingBack
from tests.payments.conftest import TEN
from tests.payments.test_discounts import fill_balance
from tests.races.acts import NOON, Act, World, order, run_waiting, sell, sweep_then, work

SHARE, GIVEN, PART = 7000, 2300, 2000
"""What Grace earns by a session; what an operator gives back of one, and what of that is hers to bear."""


def earn(world: World, *starts: datetime) -> None:
    """Ada and Alan have bought these of Grace, all took place, and it is final."""
    for number, start in enumerate(starts):
        with world.app.app_context():
            wanted = order("Alan Example" if number % 2 else "Ada Example")
            sale = world.till().buy(Order(wanted.mentee, wanted.mentor_id, wanted.offering_id, start))
            assert sale.payment is not None
            world.till().open_checkout(sale.payment.id)
            [opened] = [each for each in world.stripe.sessions() if each["status"] == "open"]
            assert world.stripe.pay(opened["id"]) == "paid"
            world.till().look(sale.payment.id)
    world.clock.set(max(starts) + timedelta(hours=1) + WINDOW)
    sweep(world, "payments:sweep")


def sweep(world: World, name: str) -> None:
    with world.app.app_context():
        TASKS[name]()
    while run_waiting(world, "payments:%", failing=True):
        continue


def pays(number: int) -> Act:
    """A worker sends the mentor what that session has earned."""

    def run(world: World) -> None:
        with world.app.app_context():
            booking_id = session_number(number)
            Paying(db.session(), StripeGateway(world.settings), utcnow()).pay(booking_id)

    return run


def gives_back(number: int, minor: int = GIVEN) -> Act:
    def run(world: World) -> None:
        with world.app.app_context():
            booking_id = session_number(number)
            operator = db.session.scalars(select(User.id).order_by(User.id).limit(1)).one()
            db.session.commit()
            giving = Giving(Money(minor, "EUR"), 8050, operator, "It seems so.")
            TakingBack(db.session(), StripeGateway(world.settings), utcnow()).give_back(booking_id, giving)

    return run


def session_number(number: int) -> int:
    booking_id = db.session.scalars(select(Booking.id).order_by(Booking.id).offset(number).limit(1)).one()
    db.session.commit()
    return booking_id


def the_account() -> str:
    account = db.session.scalars(select(PayoutAccount.stripe_account_id)).one()
    db.session.rollback()
    return str(account)


def one_earned(world: World) -> None:
    earn(world, TEN)


def one_paid(world: World) -> None:
    one_earned(world)
    pays(0)(world)


def one_paid_out(world: World) -> None:
    """Of two sessions the first was paid, and is gone from the balance; the second is to be paid."""
    earn(world, TEN, NOON)
    pays(0)(world)
    with world.app.app_context():
        account = the_account()
    world.stripe.post(f"/_sandbox/accounts/{account}/payouts")


def one_owes(world: World) -> None:
    """Of three sessions the first was paid, gone from the balance, and partly given back; two are to be paid."""
    earn(world, TEN, NOON, TEN + timedelta(hours=4))
    pays(0)(world)
    with world.app.app_context():
        account = the_account()
    world.stripe.post(f"/_sandbox/accounts/{account}/payouts")
    gives_back(0)(world)
    run_waiting(world, "payments:%")


def pay_by_sweep(world: World) -> None:
    sweep_then("payments:pay_mentor", by="payments:pay")(world)


def owes(world: World) -> None:
    """Of two sessions the first was paid, gone from the balance, and partly given back; the second is to be paid."""
    given_back_and_gone(world)
    take_back(world)


def take_back(world: World) -> None:
    work(world, "payments:take_back")


def given_back(world: World) -> None:
    one_paid(world)
    give_back_and_send(world)


def exchanged(world: World) -> None:
    """Stripe holds dollars for what Ada has paid in euros, and we do not know yet."""
    world.stripe.post("/_sandbox/balance_transactions/exchange", currency="usd", rate="1.085")
    sell(world)


def give_back_and_send(world: World) -> None:
    gives_back(0)(world)
    work(world, "payments:send_refund")


def give_back_and_take_back(world: World) -> None:
    give_back_and_send(world)
    work(world, "payments:take_back")


def given_back_and_gone(world: World) -> None:
    """It is to be taken back, and nothing is on the balance."""
    one_paid_out(world)
    give_back_and_send(world)


def meet_a_500_over_the_reversal(world: World) -> None:
    """It is made, and the answer is an error; then it is asked for again."""
    world.stripe.post("/_sandbox/faults", fault="500_after_commit", path="/v1/transfers", times=1)
    with world.app.app_context():
        [reversal_id] = db.session.scalars(select(TransferReversal.id))
        db.session.commit()
    for _ in range(2):
        with world.app.app_context(), suppress(GatewayUnavailable):
            TakingBack(db.session(), StripeGateway(world.settings), utcnow()).ask(reversal_id)


def the_other_is_paid(world: World) -> None:
    """And so there is something on the balance again."""
    pays(1)(world)
    world.clock.advance(timedelta(minutes=6))


def think(world: World, given: str) -> None:
    """What Stripe knows of Grace from now on."""
    world.stripe.post(f"/_sandbox/accounts/{the_account()}", given=given)


def sell_exchanged(world: World) -> None:
    """Stripe holds dollars for what is paid in euros, and the site has none of its own there."""
    world.stripe.post("/_sandbox/balance_transactions/exchange", currency="usd", rate="1.085")
    one_earned(world)


def released(world: World) -> None:
    sell_exchanged(world)
    release(world)


def release(world: World) -> None:
    with world.app.app_context():
        payment_id = db.session.scalars(select(Exchange.payment_id)).one()
        operator = db.session.scalars(select(User.id).order_by(User.id).limit(1)).one()
        release_exchange(db.session(), payment_id, operator_id=operator, now=utcnow())
        db.session.commit()


def fill(world: World) -> None:
    fill_balance(world.stripe, 20_000)


def sell_exchanged_with_a_balance(world: World) -> None:
    fill(world)
    sell_exchanged(world)


def release_and_pay(world: World) -> None:
    release(world)
    pays(0)(world)


def fill_and_wait(world: World) -> None:
    """It is asked for again an hour later, and by then there is something."""
    fill(world)
    world.clock.advance(timedelta(hours=1))
