"""Planning reminders of a session that two people change at once: they are for where it is in the end.

At every point of the one change, the other comes in between.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.domain.reminders import BEFORE, Ahead
from booking.models.bookings import Booking
from booking.models.reminders import Reminder
from booking.services.remind import plan_reminders
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from payments.services.rows import lock_sold
from tests.races import acts, later
from tests.races.acts import Act, World
from tests.races.interrupting import interrupt, points_to_interrupt, waiting
from tests.races.worlds import begin_anew
from tests.stripe_side import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
RACES = [
    pytest.param(acts.sell, later.TO_NOON, later.TO_THE_NEXT_DAY, id="two moves"),
    pytest.param(later.sell_and_propose, later.ADA_ACCEPTS, later.TO_THE_NEXT_DAY, id="accepting against another time"),
]


def wrongs(world: World) -> list[str]:
    """Both people are reminded a day and an hour before it begins, and of nothing else."""
    with world.app.app_context():
        booking = db.session.scalars(select(Booking)).one()
        planned = db.session.scalars(select(Reminder)).all()
        people = (booking.mentee_id, booking.mentor_id)
        expected = {(person, ahead) for person in people for ahead in Ahead}
        found = [] if {(each.user_id, Ahead(each.ahead)) for each in planned} == expected else ["some are missing"]
        found += [f"at {each.remind_at} of {booking.starts_at}" for each in planned if not _fits(each, booking)]
        db.session.rollback()
    return found


def _fits(reminder: Reminder, booking: Booking) -> bool:
    ahead = booking.starts_at - reminder.remind_at
    return reminder.sequence == booking.sequence and ahead >= BEFORE[Ahead(reminder.ahead)]


def harm(world: World, before: Act, act: Act, other: Act) -> list[str]:
    here = begin_anew(world)
    before(here)
    found = []
    for point in points_to_interrupt(here, act):
        here = begin_anew(world)
        before(here)
        interrupt(here, act, point, other)
        found += [f"at {point}: {line}" for line in wrongs(here)]
    return found


@pytest.mark.parametrize(("before", "act", "other"), RACES)
def test_whoever_changes_it_in_between_reminders_are_for_where_it_is(
    world: World, before: Act, act: Act, other: Act
) -> None:
    assert harm(world, before, act, other) == []


def plan(world: World, meanwhile: Callable[[], object] = int, *, locked: bool = True) -> None:
    """In a transaction of its own; `meanwhile` happens before it is committed."""
    with world.app.app_context():
        number = later.the_first_session().id
        booking = lock_sold(db.session(), number).booking if locked else db.session.get_one(Booking, number)
        plan_reminders(db.session(), booking, now=utcnow())
        meanwhile()
        db.session.commit()


def plan_twice_at_once(world: World, *, locked: bool) -> None:
    """The second one begins while the first is not committed, and goes on until it has to wait."""
    with ThreadPoolExecutor(1) as pool:
        begun: list[Future[None]] = []

        def begin() -> None:
            begun.append(pool.submit(plan, world, locked=locked))
            wait_until(lambda: begun[0].done() or waiting(world))

        plan(world, begin, locked=locked)
        begun[0].result(timeout=30)


def test_two_plans_at_once_leave_one(world: World) -> None:
    here = begin_anew(world)
    acts.sell(here)

    plan_twice_at_once(here, locked=True)

    assert wrongs(here) == []


def test_control_without_locks_the_second_plan_meets_the_first(world: World) -> None:
    here = begin_anew(world)
    acts.sell(here)

    with pytest.raises(IntegrityError):
        plan_twice_at_once(here, locked=False)
