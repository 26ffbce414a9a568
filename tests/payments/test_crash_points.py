"""A process dies at every point between a commit and a call to Stripe, and all ends well (rule paid_or_refunded).

The points are not written here: each flow is run once to see them, and then once for each of them, dying there.
"""

import ast
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.core.config import ROOT
from payments import acting, kept, outbox, till
from tests.races.acts import World
from tests.races.conftest import world
from tests.races.flows import FLOW, FLOWS, Flow
from tests.races.points import Dead, Points, watched
from tests.races.worlds import begin_anew, live_on, outcome, wrongs
from tests.server import environment

__all__ = ["world"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
MODULES = [Path(str(module.__file__)) for module in (till, outbox, acting, kept)]


def points_of(world: World, flow: Flow) -> list[str]:
    """All that it passes when nothing happens to it."""
    here = begin_anew(world)
    flow.before(here)
    with watched(Points()) as points:
        flow.run(here)
    return points.seen


def die_at(world: World, flow: Flow, number: int) -> tuple[list[str], list[str]]:
    """What it had passed when it died at that point, and what was wrong in the end."""
    here = begin_anew(world)
    flow.before(here)
    with watched(Points(number)) as points, pytest.raises(Dead):
        flow.run(here)
    flow.after(here)
    live_on(here)
    how = outcome(here)
    ended = [] if how in flow.ends.split(" or ") else [f"{how}, not {flow.ends}"]
    return points.seen, [*ended, *wrongs(here)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_whoever_dies_at_whatever_point_all_ends_well(world: World, flow: Flow) -> None:
    points = points_of(world, flow)

    deaths = [die_at(world, flow, number) for number in range(len(points))]

    died_at = [passed for passed, _ in deaths]
    assert died_at == [points[: number + 1] for number in range(len(points))]  # each once, and none left out
    assert len(points) >= 6
    assert {points[number]: wrong for number, (_, wrong) in enumerate(deaths) if wrong} == {}


def test_the_flows_pass_every_commit_and_every_question_of_the_till(world: World) -> None:
    passed = {point for flow in FLOWS for point in points_of(world, flow)}

    commits = {f"after the commit in {name}" for name in committing()}
    questions = {f"after Stripe was asked to {name}" for name in asked_of_the_gateway()}
    assert sorted((commits | questions) - passed) == []
    assert len(commits) > 15
    assert len(questions) > 5


def committing() -> set[str]:
    """Every function of the till, the outbox and the inbox's acting that commits, as Python calls it."""
    return {name for module in MODULES for name in _with_commit(ast.parse(module.read_text()), "")}


def _with_commit(parent: ast.AST, prefix: str) -> set[str]:
    found = set()
    for child in ast.iter_child_nodes(parent):
        if isinstance(child, ast.ClassDef):
            found |= _with_commit(child, f"{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            found |= _with_commit(child, f"{prefix}{child.name}.<locals>.")
            own = [each for each in child.body if not isinstance(each, ast.FunctionDef)]
            if any(_commits(node) for each in own for node in ast.walk(each)):
                found.add(f"{prefix}{child.name}")
    return found


def _commits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def asked_of_the_gateway() -> set[str]:
    """Every `gateway.method` that these modules name, be it their own gateway or one that they are given."""
    nodes = [node for module in MODULES for node in ast.walk(ast.parse(module.read_text()))]
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    return {node.attr for node in attributes if _is_gateway(node.value)}


def _is_gateway(node: ast.expr) -> bool:
    return "gateway" in (getattr(node, "attr", ""), getattr(node, "id", ""))


@pytest.mark.parametrize(
    ("name", "point"),
    [
        pytest.param("buy, and come back to pay", "after Stripe was asked to create_checkout", id="session made"),
        pytest.param("confirm by webhook", "before the commit in Till._apply.<locals>.applied", id="paid"),
        pytest.param("send the refund", "after Stripe was asked to create_refund", id="money sent back"),
    ],
)
def test_a_process_that_is_killed_there_leaves_nothing_undone(world: World, name: str, point: str) -> None:
    flow = FLOW[name]
    number = points_of(world, flow).index(point)
    here = begin_anew(world)
    flow.before(here)
    command = [sys.executable, "-m", "tests.races.dying", name, str(number)]

    killed = subprocess.run(command, cwd=ROOT, env=environment(here.settings), timeout=60, check=False)
    flow.after(here)
    live_on(here)

    assert killed.returncode == -signal.SIGKILL
    assert (outcome(here), wrongs(here)) == (flow.ends, [])
