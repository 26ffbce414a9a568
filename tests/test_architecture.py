"""What the import contracts (`.importlinter`) cannot say about the source, read from its syntax."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("booking", "marketplace", "payments")
SOURCES = [*(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))), ROOT / "wsgi.py"]
CLOCKS = {"marketplace/core/clock.py", "payments/sandbox/clock.py"}
READS_THE_CLOCK = {"now", "utcnow", "today"}
SESSIONS = ("session", "session()")
LONGEST_MODULE = 300

every_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))


def calls_of(tree: ast.Module) -> Iterator[ast.Attribute]:
    """What is called as `something.name(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def imports_inside_functions(tree: ast.Module) -> list[int]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [node for function in functions for node in ast.walk(function)]
    return sorted({node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)})


def readings_of_the_clock(tree: ast.Module) -> list[int]:
    """`datetime.now()`, `datetime.datetime.utcnow()`, `date.today()` and the like; not `func.now()`, which is SQL's."""
    return [
        call.lineno
        for call in calls_of(tree)
        if call.attr in READS_THE_CLOCK and ast.unparse(call.value).rpartition(".")[2] in {"datetime", "date"}
    ]


def ends_of_transactions(tree: ast.Module) -> list[int]:
    """Any commit, and a rollback of the session; a savepoint may be rolled back."""
    return [
        call.lineno
        for call in calls_of(tree)
        if call.attr == "commit" or (call.attr == "rollback" and ast.unparse(call.value).endswith(SESSIONS))
    ]


def imported_modules(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


@every_source
def test_imports_stand_at_the_top(path):
    assert imports_inside_functions(ast.parse(path.read_text())) == []


@every_source
def test_only_the_clock_reads_the_clock(path):
    if str(path.relative_to(ROOT)) in CLOCKS:
        return

    assert readings_of_the_clock(ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if "services" in {*path.parts, path.stem} and "sandbox" not in path.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_services_leave_the_end_of_the_transaction_to_their_caller(path):
    assert ends_of_transactions(ast.parse(path.read_text())) == []


@every_source
def test_a_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if "sandbox" in path.parts], ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_stand_in_for_stripe_imports_nothing_of_the_application(path):
    ours = {name for name in imported_modules(ast.parse(path.read_text())) if name.startswith((*PACKAGES, "."))}

    assert {name for name in ours if not name.startswith("payments.sandbox")} == set()


@pytest.mark.parametrize(
    ("source", "finder"),
    [
        pytest.param("def f():\n    import os", imports_inside_functions, id="an import in a function"),
        pytest.param(
            "async def f():\n    if 1:\n        from os import path", imports_inside_functions, id="a nested one"
        ),
        pytest.param("datetime.now(UTC)", readings_of_the_clock, id="datetime.now"),
        pytest.param("x = datetime.datetime.utcnow()", readings_of_the_clock, id="utcnow of the module"),
        pytest.param("date.today()", readings_of_the_clock, id="today"),
        pytest.param("db.session.commit()", ends_of_transactions, id="commit of the request's session"),
        pytest.param("session.rollback()", ends_of_transactions, id="rollback"),
    ],
)
def test_what_is_forbidden_is_found(source, finder):
    assert finder(ast.parse(source)) != []


@pytest.mark.parametrize(
    ("source", "finder"),
    [
        pytest.param("import os\ndef f(): return os", imports_inside_functions, id="an import at the top"),
        pytest.param("utcnow()", readings_of_the_clock, id="the one clock"),
        pytest.param("func.now()", readings_of_the_clock, id="the database's clock"),
        pytest.param("session.flush()", ends_of_transactions, id="flush"),
        pytest.param("savepoint.rollback()", ends_of_transactions, id="rollback of a savepoint"),
    ],
)
def test_what_is_allowed_is_not_mistaken(source, finder):
    assert finder(ast.parse(source)) == []
