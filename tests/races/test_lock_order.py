"""Locks are taken in the order of docs/locking.md, in every way that money goes; and who waits, waits for people."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from tests.races import acts
from tests.races.acts import World
from tests.races.flows import FLOWS, Flow
from tests.races.interrupting import interrupt, waiting
from tests.races.points import Points, watched
from tests.races.worlds import begin_anew, live_on

pytestmark = pytest.mark.slow

ORDER = ["users", "purchase", "booking", "payment", "stripe_command"]
_LOCKS = re.compile(r"\bFROM (\w+)\b.*\bFOR (?:NO KEY )?UPDATE", re.DOTALL)
_WRITES = re.compile(r"^(?:UPDATE|INSERT INTO) (\w+)")
Locked = list[tuple[str, str, list[int]]]
"""Of one transaction, in their order: how (`lock` or `write`), which table, and which ids were asked for."""


@contextmanager
def watching() -> Iterator[list[Locked]]:
    """Every transaction of this process that is begun while it is entered."""
    found: list[Locked] = []
    present: dict[Connection, Locked] = {}

    def began(connection: Connection) -> None:
        found.append([])
        present[connection] = found[-1]

    def ran(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        for how, pattern in (("lock", _LOCKS), ("write", _WRITES)):
            if (match := pattern.search(statement)) and match[1] in ORDER:
                ids = list(parameters.values()) if isinstance(parameters, dict) else []
                present.setdefault(connection, []).append((how, match[1], ids))

    event.listen(Engine, "begin", began)
    event.listen(Engine, "before_cursor_execute", ran)
    try:
        yield found
    finally:
        event.remove(Engine, "begin", began)
        event.remove(Engine, "before_cursor_execute", ran)


def wrong_order(transaction: Locked) -> list[str]:
    """A row that is written is locked by that, unless it was locked or made before."""
    locks = [table for how, table, _ in transaction if how == "lock"]
    ranks = [ORDER.index(table) for table in locks]
    found = [] if ranks == sorted(ranks) else [f"locked in the order {locks}"]
    people: list[int] | None = None
    for number, (how, table, ids) in enumerate(transaction):
        before = {other for _, other, _ in transaction[:number]}
        if how == "lock" and table == "users":
            found += [f"people locked after {before - {'users'}}"] if before - {"users"} else []
            found += [f"people {ids} locked after {people}"] if people is not None and ids != people else []
            people = ids
            found += [f"people locked as {ids}"] if ids != sorted(ids) else []
        if how == "write" and table == "booking" and "users" not in before:
            found.append("a booking written without the people's locks")
    return found


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_locks_are_taken_in_one_order(world: World, flow: Flow) -> None:
    here = begin_anew(world)
    flow.before(here)

    with watching() as transactions:
        flow.run(here)
        flow.after(here)
        live_on(here)

    assert [wrong for each in transactions for wrong in wrong_order(each)] == []
    assert any(how == "lock" for each in transactions for how, _, _ in each)


@pytest.mark.parametrize(
    ("transaction", "wrong"),
    [
        pytest.param([("lock", "users", [1, 2]), ("lock", "payment", [1])], 0, id="in order"),
        pytest.param([("lock", "payment", [1]), ("lock", "purchase", [1])], 1, id="control: payment first"),
        pytest.param([("lock", "users", [2, 1])], 1, id="control: people not by id"),
        pytest.param([("lock", "payment", [1]), ("lock", "users", [1])], 2, id="control: people last"),
        pytest.param([("lock", "users", [1, 2]), ("lock", "users", [1, 2])], 0, id="the same people again"),
        pytest.param([("lock", "users", [1, 2]), ("lock", "users", [1, 3])], 1, id="control: then other people"),
        pytest.param([("write", "booking", [1])], 1, id="control: no lock at all"),
    ],
)
def test_another_order_would_be_noticed(transaction: Locked, wrong: int) -> None:
    assert len(wrong_order(transaction)) == wrong


def test_who_comes_in_between_waits_for_the_people_and_for_nothing_else(world: World) -> None:
    """As PostgreSQL tells it, while the first has all of its locks."""
    here = begin_anew(world)
    acts.buy_and_pay(here)
    with watched(Points()) as points:
        acts.look(here)
    here = begin_anew(world)
    acts.buy_and_pay(here)
    seen: list[tuple[str, list[int]]] = []

    def other(world: World) -> None:
        with world.app.app_context():
            world.till().look_at_session(world.stripe.sessions()[0]["id"])

    number = points.seen.index("before the commit in Till._apply.<locals>.applied")
    interrupt(here, acts.look, number, other, waits=seen.extend)

    [(statement, blockers)] = seen
    assert "FROM users" in statement
    assert "FOR NO KEY UPDATE" in statement
    assert len(blockers) == 1
    assert waiting(here) == []
