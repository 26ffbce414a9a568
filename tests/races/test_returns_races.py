"""Paying a mentor against giving back, and two who keep what one mentor owes, on connections of their own: at every
point of the one, the other comes in between. Each has a control without the locks, in which it does harm."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from booking.domain.outcomes import WINDOW
from booking.models import Booking
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.jobs import TASKS
from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.paying import Paying
from payments.payout_models import PayoutAccount, Transfer
from payments.queries_ledger import balances, violations
from payments.services import give_back as giving_back
from payments.services import reversals, transfers
from payments.services.buy import Order
from payments.services.give_back import Giving
from payments.stripe_gateway import StripeGateway
from payments.taking_back import TakingBack
from tests.conftest import MovableClock
from tests.payments.conftest import TEN
from tests.races import guards
from tests.races.flows import World, order, run_waiting
from tests.races.interrupting import Act, interrupt, points_to_interrupt
from tests.races.worlds import begin_anew, world_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SHARE, GIVEN, PART = 7000, 2300, 2000
TRANSFERS = "/v1/transfers"


@pytest.fixture
def world(settings: Settings, clock: MovableClock) -> Iterator[World]:
    world = world_of(settings, clock)
    yield world
    with world.app.app_context():
        db.engine.dispose()


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
            booking_id = _session_number(number)
            Paying(db.session(), StripeGateway(world.settings), utcnow()).pay(booking_id)

    return run


def gives_back(number: int, minor: int = GIVEN) -> Act:
    def run(world: World) -> None:
        with world.app.app_context():
            booking_id = _session_number(number)
            operator = db.session.scalars(select(User.id).order_by(User.id).limit(1)).one()
            db.session.commit()
            giving = Giving(Money(minor, "EUR"), 8050, operator, "It seems so.")
            TakingBack(db.session(), StripeGateway(world.settings), utcnow()).give_back(booking_id, giving)

    return run


def _session_number(number: int) -> int:
    booking_id = db.session.scalars(select(Booking.id).order_by(Booking.id).offset(number).limit(1)).one()
    db.session.commit()
    return booking_id


def come_to_an_end(world: World) -> None:
    """The worker goes on: what was owed goes, and what is to be taken back is asked for."""
    for _ in range(3):
        world.clock.advance(timedelta(minutes=6))
        sweep(world, "payments:pay")


def harms(world: World, kept: int) -> list[str]:
    """What is not as it should be: exactly `kept` of their shares has gone to mentors; nobody owes or is owed."""
    with world.app.app_context():
        books = balances(db.session())
        found = violations(db.session())
        netted = db.session.scalar(select(func.sum(Transfer.netted_minor))) or 0
        db.session.rollback()
    theirs = world.stripe.get(TRANSFERS, limit=100)["data"]
    went = sum(each["amount"] - each["amount_reversed"] for each in theirs)
    if went != kept:
        found.append(f"{went} went to mentors, and {kept} is theirs; {netted} was kept")
    for account in (Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE):
        if books[account, "EUR"]:
            found.append(f"{account} is left with {books[account, 'EUR']}")
    return found


@contextmanager
def no_locks(world: World) -> Iterator[None]:
    """Sales are read as they are, and nobody waits for anybody."""
    with pytest.MonkeyPatch.context() as patched:
        for module in (transfers, giving_back, reversals):
            patched.setattr(module, "lock_sold", guards._read_sold)
        yield


def run_all(world: World, before: Act, act: Act, other: Act, kept: int, guard: object = None) -> dict[int, list[str]]:
    """By point of the one: what harm was done when the other came there."""
    begun = begin_anew(world)
    before(begun)
    points = points_to_interrupt(begun, act)
    found = {}
    for at in points:
        begun = begin_anew(world)
        before(begun)
        if guard is None:
            interrupt(begun, act, at, other)
        else:
            with guard(begun):  # type: ignore[operator]
                interrupt(begun, act, at, other)
        come_to_an_end(begun)
        if harm := harms(begun, kept):
            found[at] = harm
    assert points
    return found


def one_earned(world: World) -> None:
    earn(world, TEN)


def one_owes(world: World) -> None:
    """Of three sessions the first was paid, gone from the balance, and partly given back; two are to be paid."""
    earn(world, TEN, TEN + timedelta(hours=2), TEN + timedelta(hours=4))
    pays(0)(world)
    with world.app.app_context():
        account = db.session.scalars(select(PayoutAccount.stripe_account_id)).one()
        db.session.rollback()
    world.stripe.post(f"/_sandbox/accounts/{account}/payouts")
    gives_back(0)(world)
    run_waiting(world, "payments:%")


def test_paying_against_giving_back_leaves_the_mentor_what_is_theirs(world: World) -> None:
    assert run_all(world, one_earned, pays(0), gives_back(0), SHARE - PART) == {}


def test_giving_back_against_paying_leaves_the_mentor_what_is_theirs(world: World) -> None:
    assert run_all(world, one_earned, gives_back(0), pays(0), SHARE - PART) == {}


def test_control_without_locks_the_mentor_keeps_what_went_back(world: World) -> None:
    assert run_all(world, one_earned, gives_back(0), pays(0), SHARE - PART, no_locks) != {}


def test_what_is_owed_is_kept_once_of_two_shares_at_once(world: World) -> None:
    assert run_all(world, one_owes, pays(1), pays(2), 3 * SHARE - PART) == {}


def test_control_without_locks_it_is_kept_twice(world: World) -> None:
    assert run_all(world, one_owes, pays(1), pays(2), 3 * SHARE - PART, no_locks) != {}
