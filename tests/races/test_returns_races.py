"""Paying a mentor against giving back, and two who keep what one mentor owes, on connections of their own: at every
point of the one, the other comes in between. Each has a control without the locks, in which it does harm."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.core.db import db
from payments.domain.ledger import Account
from payments.models.payouts import Transfer
from payments.queries.ledger import balances, violations
from payments.services import give_back as giving_back
from payments.services import reversals, transfers
from tests.races import guards
from tests.races.acts import Act, World
from tests.races.earning import PART, SHARE, gives_back, one_earned, one_owes, pays, sweep
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TRANSFERS = "/v1/transfers"


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


Guard = Callable[[World], AbstractContextManager[None]]


def kept_up(_world: World) -> AbstractContextManager[None]:
    return nullcontext()


@contextmanager
def no_locks(world: World) -> Iterator[None]:
    """Sales are read as they are, and nobody waits for anybody."""
    with pytest.MonkeyPatch.context() as patched:
        for module in (transfers, giving_back, reversals):
            patched.setattr(module, "lock_sold", guards._read_sold)
        yield


def harmful(
    world: World, before: Act, act: Act, other: Act, kept: int, guard: Guard = kept_up
) -> Iterator[tuple[int, list[str]]]:
    """The points of the one at which the other does harm by coming in, and which."""
    begun = begin_anew(world)
    before(begun)
    points = points_to_interrupt(begun, act)
    assert points
    for at in points:
        begun = begin_anew(world)
        before(begun)
        with guard(begun):
            interrupt(begun, act, at, other)
        come_to_an_end(begun)
        if harm := harms(begun, kept):
            yield at, harm


def test_paying_against_giving_back_leaves_the_mentor_what_is_theirs(world: World) -> None:
    assert dict(harmful(world, one_earned, pays(0), gives_back(0), SHARE - PART)) == {}


def test_giving_back_against_paying_leaves_the_mentor_what_is_theirs(world: World) -> None:
    assert dict(harmful(world, one_earned, gives_back(0), pays(0), SHARE - PART)) == {}


def test_control_without_locks_the_mentor_keeps_what_went_back(world: World) -> None:
    assert any(harmful(world, one_earned, gives_back(0), pays(0), SHARE - PART, no_locks))


def test_what_is_owed_is_kept_once_of_two_shares_at_once(world: World) -> None:
    assert dict(harmful(world, one_owes, pays(1), pays(2), 3 * SHARE - PART)) == {}


def test_control_without_locks_it_is_kept_twice(world: World) -> None:
    assert any(harmful(world, one_owes, pays(1), pays(2), 3 * SHARE - PART, no_locks))


def test_of_two_who_give_back_at_once_one_is_told_to_look_again(world: World) -> None:
    assert dict(harmful(world, one_earned, gives_back(0), gives_back(0), SHARE - PART)) == {}


def test_control_without_locks_two_give_back_and_meet_the_constraint_alone(world: World) -> None:
    """Both have seen the same sum left; only that gifts are counted keeps the second from being made."""
    with pytest.raises((AssertionError, IntegrityError)):
        dict(harmful(world, one_earned, gives_back(0), gives_back(0), SHARE - PART, no_locks))
