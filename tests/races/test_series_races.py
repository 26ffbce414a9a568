"""A series and somebody else at once: all of its times are held, or none, and nobody is in two places.

At every point of the one, the other comes in between. Each race has a control run without locks and constraint, which
does harm.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from marketplace.core.db import db
from payments.models.sales import PurchaseSession
from tests.races import acts, programmes, series
from tests.races.acts import Act, World
from tests.races.guards import Guards, all_guards, no_locks_and_no_constraint
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def harm() -> list[str]:
    """A line each."""
    session, other = db.session(), aliased(Booking)
    same = (Booking.mentor_id == other.mentor_id) & (Booking.id < other.id)
    meet = (Booking.starts_at < other.ends_at) & (other.starts_at < Booking.ends_at)
    both = Booking.status.in_(OCCUPYING) & other.status.in_(OCCUPYING)
    twice = session.scalar(select(func.count()).select_from(Booking).join(other, same & meet & both)) or 0
    standing = func.count().filter(Booking.status.in_(OCCUPYING))
    parts = (
        select(standing, func.count())
        .select_from(PurchaseSession)
        .join(Booking, Booking.id == PurchaseSession.booking_id)
        .group_by(PurchaseSession.purchase_id)
    )
    found = [f"{twice} overlap"] if twice else []
    found += [f"{stand} of {of} stand" for stand, of in session.execute(parts) if stand not in (0, of)]
    found += [f"{of} of six have a time" for _stand, of in session.execute(parts) if of not in (1, 6)]
    session.rollback()
    return found


RACES = [
    pytest.param(series.offered, series.buy, series.the_third_by_alan, id="one of its times taken while it is held"),
    pytest.param(series.offered, series.the_third_by_alan, series.buy, id="held while one of its times is taken"),
    pytest.param(series.offered, series.buy, series.buy_by("Alan Example"), id="two of the same"),
    pytest.param(
        series.sold_with_its_first,
        programmes.book_what_is_left(),
        series.the_third_by_alan,
        id="one of its times taken while what is left is booked",
    ),
    pytest.param(
        series.sold_with_its_first,
        series.the_third_by_alan,
        programmes.book_what_is_left(),
        id="what is left booked while one of its times is taken",
    ),
]
WHOLE_ANYWAY = [
    pytest.param(series.offered_and_over, acts.look, series.the_third_by_alan, id="one taken while it is let go"),
    pytest.param(series.offered_and_paid, acts.look, series.the_third_by_alan, id="one taken while it is confirmed"),
    pytest.param(series.in_its_last_minutes, acts.extend, acts.give_back, id="given back while it is held longer"),
]


def played(world: World, before: Act, one: Act, other: Act, guards: Guards) -> Iterator[list[str]]:
    """The harm at each point of the one."""
    begun = begin_anew(world)
    before(begun)
    for point in points_to_interrupt(begun, one):
        begun = begin_anew(world)
        before(begun)
        with guards(begun):
            interrupt(begun, one, point, other)
        with begun.app.app_context():
            yield harm()


@pytest.mark.parametrize(("before", "one", "other"), [*RACES, *WHOLE_ANYWAY])
def test_whoever_comes_in_between_a_series_is_whole_or_not_there(
    world: World, before: Act, one: Act, other: Act
) -> None:
    assert [found for found in played(world, before, one, other, all_guards) if found] == []


@pytest.mark.parametrize(("before", "one", "other"), RACES)
def test_without_locks_and_constraint_two_have_one_time(world: World, before: Act, one: Act, other: Act) -> None:
    assert any(played(world, before, one, other, no_locks_and_no_constraint))
