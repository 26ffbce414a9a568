"""Planning reminders of a session that two people change at once: they are for where it is in the end.

At every point of the one change, the other comes in between; without the locks, reminders are lost or for another time.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.domain.reminders import BEFORE, Ahead
from booking.models import Booking
from booking.reminder_models import Reminder
from marketplace.core.config import Settings
from marketplace.core.db import db
from tests.conftest import MovableClock
from tests.races import acts, guards, later
from tests.races.acts import Act, World
from tests.races.guards import Guards, all_guards
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew, world_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
RACES = [
    pytest.param(acts.sell, later.TO_NOON, later.TO_THE_NEXT_DAY, id="two moves"),
    pytest.param(later.sell_and_propose, later.ADA_ACCEPTS, later.TO_THE_NEXT_DAY, id="accepting against another time"),
]


@pytest.fixture
def world(settings: Settings, clock: MovableClock) -> Iterator[World]:
    world = world_of(settings, clock)
    yield world
    with world.app.app_context():
        db.engine.dispose()


def wrongs(world: World) -> list[str]:
    """Both people are reminded a day and an hour before it begins, and of nothing else."""
    with world.app.app_context():
        booking = db.session.scalars(select(Booking)).one()
        planned = db.session.scalars(select(Reminder)).all()
        db.session.rollback()
    expected = {(person, ahead) for person in (booking.mentee_id, booking.mentor_id) for ahead in Ahead}
    found = [] if {(each.user_id, Ahead(each.ahead)) for each in planned} == expected else ["some are missing"]
    wrong = [
        each
        for each in planned
        if each.sequence != booking.sequence or booking.starts_at - each.remind_at < BEFORE[Ahead(each.ahead)]
    ]
    return found + [f"at {each.remind_at} of what begins at {booking.starts_at}" for each in wrong]


def harm(world: World, before: Act, act: Act, other: Act, guarded: Guards) -> list[str]:
    here = begin_anew(world)
    before(here)
    found = []
    for point in points_to_interrupt(here, act):
        here = begin_anew(world)
        before(here)
        try:
            with guarded(here):
                interrupt(here, act, point, other)
        except IntegrityError as lost:
            found.append(f"at {point}: {lost.orig}")
        found += [f"at {point}: {line}" for line in wrongs(here)]
    return found


@pytest.mark.parametrize(("before", "act", "other"), RACES)
def test_whoever_changes_it_in_between_reminders_are_for_where_it_is(
    world: World, before: Act, act: Act, other: Act
) -> None:
    assert harm(world, before, act, other, all_guards) == []


def test_control_without_locks_they_are_for_another_time(world: World) -> None:
    found = harm(world, acts.sell, later.TO_NOON, later.TO_THE_NEXT_DAY, guards.no_locks_and_any_number_of_moves)

    assert found != []
