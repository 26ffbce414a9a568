"""What the import contracts (`.importlinter`) cannot say about the source, read from its syntax."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("booking", "marketplace", "payments")
SOURCES = [*(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))), ROOT / "wsgi.py"]
CLOCKS = {"marketplace/core/clock.py", "payments/sandbox/clock.py"}
READS_THE_CLOCK = {"now", "utcnow", "today"}
SERVICES = re.compile(r"/services(/|\.py$)")
SESSIONS = ("session", "session()")
LOOKS_ONCE = {"is_checked", "is_enabled", "is_hidden", "is_visible"}
LONGEST_MODULE = 300


@cache
def trees() -> dict[str, ast.Module]:
    """Every module by its path from the root. One test asks all of them, and names all that are wrong."""
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in SOURCES}


def is_of_the_stand_in(path: str) -> bool:
    return path.startswith("payments/sandbox/")


def calls_of(tree: ast.AST) -> Iterator[ast.Attribute]:
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


def looks_that_do_not_wait(tree: ast.Module) -> list[int]:
    """What a browser's page is asserted to show at once; `expect` waits until the page is whole."""
    asserted = [node.test for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    return [call.lineno for each in asserted for call in calls_of(each) if call.attr in LOOKS_ONCE]


def imported_modules(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_imports_stand_at_the_top():
    wrong = {path: lines for path, tree in trees().items() if (lines := imports_inside_functions(tree))}

    assert wrong == {}


def test_only_the_clock_reads_the_clock():
    wrong = {path: lines for path, tree in trees().items() if (lines := readings_of_the_clock(tree))}

    assert wrong.keys() - CLOCKS == set(), wrong


def test_services_leave_the_end_of_the_transaction_to_their_caller():
    services = {path: tree for path, tree in trees().items() if SERVICES.search(path) and not is_of_the_stand_in(path)}
    wrong = {path: lines for path, tree in services.items() if (lines := ends_of_transactions(tree))}

    assert wrong == {}
    assert services


def test_a_module_can_be_read_in_one_sitting():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}

    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_the_stand_in_for_stripe_imports_nothing_of_the_application():
    stand_in = {path: imported_modules(tree) for path, tree in trees().items() if is_of_the_stand_in(path)}
    ours = {name for names in stand_in.values() for name in names if name.startswith((*PACKAGES, "."))}

    assert {name for name in ours if not name.startswith("payments.sandbox")} == set()
    assert stand_in


def test_a_browsers_page_is_waited_for():
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "tests").rglob("*.py")}
    looking = {path: ast.parse(text) for path, text in texts.items() if any(look in text for look in LOOKS_ONCE)}

    assert looking
    assert {path: lines for path, tree in looking.items() if (lines := looks_that_do_not_wait(tree))} == {}


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
        pytest.param("assert not link.is_visible()", looks_that_do_not_wait, id="a look that does not wait"),
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
