"""A race without luck: at each point of one act, another is begun on a connection of its own.

If it can go on, it is over before the first one does anything more; if it has to wait for a lock, the first goes on.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import get_ident

from sqlalchemy import text

from marketplace.core.db import db
from marketplace.core.errors import DomainError
from tests.races.acts import Act, World
from tests.races.points import Points, watched
from tests.stripe_side import wait_until

Waits = list[tuple[str, list[int]]]
WAITING = text(
    "SELECT query, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Interruption(Points):
    """Runs `other` at the point with this number of whichever thread made this; at none for None."""

    def __init__(self, at: int | None, other: Callable[[], object]) -> None:
        super().__init__()
        self._at, self._other, self._thread = at, other, get_ident()

    def reach(self, point: str) -> None:
        if get_ident() != self._thread:
            return
        self.seen.append(point)
        if len(self.seen) - 1 == self._at:
            self._other()


def quietly(act: Act, world: World) -> None:
    """Refusals are answers: what matters is what is true afterwards."""
    try:
        act(world)
    except DomainError:
        return


def points_to_interrupt(world: World, act: Act) -> list[int]:
    """The numbers of its points; just before Stripe is asked it is as after the commit, so those are left out."""
    with watched(Interruption(None, int)) as points:
        quietly(act, world)
    return [number for number, point in enumerate(points.seen) if not point.startswith("before Stripe")]


def interrupt(world: World, act: Act, at: int, other: Act, *, waits: Callable[[Waits], object] = len) -> None:
    """Both have ended when it returns; what is no refusal is raised. `waits` is told of who waited meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        begun: list[Future[None]] = []

        def begin() -> None:
            begun.append(pool.submit(quietly, other, world))
            wait_until(lambda: begun[0].done() or waiting(world))
            waits(waiting(world))

        with watched(Interruption(at, begin)):
            quietly(act, world)
        for each in begun:
            each.result(timeout=30)
    assert begun, f"point {at} was not reached"


def waiting(world: World) -> Waits:
    """Who waits for a lock in this database: the statement, and the processes of PostgreSQL that it waits for."""
    with world.app.app_context(), db.engine.connect() as connection:
        return [(row.query, row.blockers) for row in connection.execute(WAITING)]
