"""The documents name what there is: errors, commands, rules with their constraints and tests, files, links."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import ScriptInfo

import booking
import marketplace
import payments
from marketplace.core.config import ROOT
from marketplace.core.errors import DomainError
from marketplace.core.http import status_of
from payments.domain.inbox import NEEDED_EVENTS

DOCS = ROOT / "docs"
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES += sorted(DOCS.rglob("*.md"))
DECISIONS = sorted((DOCS / "adr").glob("*.md"))
RULES = [
    "no_double_booking",
    "business_hours_only",
    "caps_hold",
    "paid_or_refunded",
    "no_release_while_payable",
    "books_balance",
    "events_once",
    "no_remote_call_in_a_transaction",
    "sold_is_frozen",
    "yours_only",
    "calendars_agree",
    "quiet_hours",
]
FURTHER_RULES = [
    "fit_calls_are_few",
    "cancelled_is_final",
    "outcome_is_final",
    "moves_are_kept",
    "sold_only_if_payable",
    "answered_once",
    "busy_fails_closed",
    "session_is_used_once",
    "series_is_whole",
]
FOLDERS = ("booking/", "docs/", "marketplace/", "migrations/", "payments/", "static/", "templates/", "tests/", "tools/")
FORBIDDEN_WORD = "escrow"
MIGRATIONS = "".join(path.read_text() for path in sorted((ROOT / "migrations" / "versions").glob("*.py")))


def page_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=page_id)


def prose(text: str) -> str:
    """Without blocks of code, which hold commands and not names."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def quoted(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`\n]+)`", prose(text))


def table_rows(text: str) -> list[list[str]]:
    """The cells of each row of each table, without heads and rules."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")]


def defined_in(path: Path) -> set[str]:
    """Functions and classes of a module, and methods as `Class.method`."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return found


def missing(name: str) -> str:
    """What is wrong with a name of the rules' page; empty when it names something."""
    path, _, inside = name.partition("::")
    if inside:
        there = (ROOT / path).is_file() and inside in defined_in(ROOT / path)
    elif name.startswith("flask "):
        there = f"`{name}" in (DOCS / "commands.md").read_text()
    elif "/" in name:
        there = (ROOT / name).exists()
    else:
        there = name in [*RULES, *FURTHER_RULES] or re.search(rf"\b{re.escape(name)}\b", MIGRATIONS) is not None
    return "" if there else name


def subclasses(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def refusals() -> dict[str, int]:
    """Every domain error of the application, with its status."""
    for package in (booking, marketplace, payments):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    ours = (each for each in subclasses(DomainError) if each.__module__.startswith(("booking", "market", "payments")))
    return {each.__name__: status_of(each.__new__(each)) for each in ours}


def flask_commands(app: Flask) -> list[str]:
    """Ours by name, with the subcommands of our own groups; of Flask-Migrate's `db` the group alone."""
    context = click.Context(app.cli, obj=ScriptInfo(create_app=lambda: app))
    found = []
    for name in app.cli.list_commands(context):
        command = app.cli.get_command(context, name)
        found.append(name)
        if isinstance(command, click.Group) and name != "db":
            found += [f"{name} {inner}" for inner in command.commands]
    return found


def make_targets() -> list[str]:
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The headings as links name them."""
    heads = re.findall(r"^#+ (.+)$", prose(page.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken_links(page: Path) -> list[str]:
    """Relative links to a file or a heading that is not there."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    return broken


def test_every_domain_error_stands_in_the_documentation_with_its_status():
    told = {name: row[1] for row in table_rows((DOCS / "errors.md").read_text()) for name in quoted(row[0])}

    assert {name: told.get(name) for name in refusals()} == {name: str(code) for name, code in refusals().items()}


def test_every_flask_command_stands_in_the_documentation(app):
    told = (DOCS / "commands.md").read_text()

    assert [name for name in flask_commands(app) if f"`flask {name}" not in told] == []


def test_every_make_target_stands_in_the_documentation():
    told = (DOCS / "commands.md").read_text()

    assert len(make_targets()) > 5
    assert [name for name in make_targets() if f"| `make {name}` |" not in told] == []


def test_each_of_the_twelve_rules_has_one_row_with_a_function_and_a_test():
    rows = [row for row in table_rows((DOCS / "rules.md").read_text()) if row[0].isdigit()]

    assert [quoted(row[1])[0] for row in rows] == RULES
    assert [row[0] for row in rows if not any("::" in name for name in quoted(row[3]))] == []
    assert [row[0] for row in rows if not any(name.startswith("tests/") for name in quoted(row[4]))] == []


def test_each_further_rule_has_a_row_with_a_function_and_a_test():
    rows = [row for row in table_rows((DOCS / "rules.md").read_text()) if len(row) == 5 and quoted(row[1])]

    assert [quoted(row[1])[0] for row in rows] == FURTHER_RULES
    assert [row[0] for row in rows if not any("::" in name for name in quoted(row[3]))] == []
    assert [row[0] for row in rows if not any(name.startswith("tests/") for name in quoted(row[4]))] == []


def test_every_name_on_the_page_of_rules_exists():
    names = quoted((DOCS / "rules.md").read_text())

    assert len(names) > 50
    assert [name for name in names if missing(name)] == []


def test_every_bug_of_others_has_a_test_here_or_a_part_that_it_waits_for():
    rows = [row for row in table_rows((DOCS / "others-bugs.md").read_text()) if row[0].isdigit()]

    assert len(rows) > 50
    assert [row[1] for row in rows if "](https://github.com/" not in row[1]] == []
    assert [row[1] for row in rows if not quoted(row[3]) and not row[3].startswith("belongs to ")] == []
    assert [name for row in rows for name in quoted(row[3]) if "::" not in name or missing(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("tests/test_docs.py::test_that_nobody_wrote", id="a test"),
        pytest.param("tests/test_nothing.py::test_that_nobody_wrote", id="a test of no file"),
        pytest.param("payments/till.py::Till.steal", id="a method"),
        pytest.param("payments/escapes.py", id="a file"),
        pytest.param("flask escape", id="a command"),
        pytest.param("no_triple_booking", id="a constraint"),
        pytest.param("double_booking", id="a part of a constraint's name"),
    ],
)
def test_a_name_that_is_not_there_is_missed(name):
    assert missing(name) == name


@every_page
def test_every_file_that_a_page_names_exists(page):
    names = [
        name.partition("::")[0] for name in quoted(page.read_text()) if name.startswith(FOLDERS) and " " not in name
    ]

    assert [name for name in names if not (ROOT / name).exists()] == []


@every_page
def test_every_relative_link_leads_somewhere(page):
    assert broken_links(page) == []


def test_decisions_are_numbered_in_one_row_and_have_one_form():
    heads = [re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE) for page in DECISIONS]

    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    assert [head[0][:4] for head in heads] == [page.name[:4] for page in DECISIONS]
    assert all(head[1:] == ["Context", "Decision", "Consequences"] for head in heads)


def test_who_sets_a_site_up_is_told_of_every_kind_of_event_and_every_page_of_the_docs():
    """An endpoint that Stripe is not asked to tell of disputes hears of none."""
    readme = (ROOT / "README.md").read_text()
    kinds = {event.rpartition(".")[0] for event in NEEDED_EVENTS} - {"checkout.session.async"}

    assert sorted(kind for kind in kinds if f"`{kind}`" not in readme) == []
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"(docs/{page.name})" not in readme] == []


def test_every_decision_is_listed():
    told = (DOCS / "architecture.md").read_text()

    assert [page.name for page in DECISIONS if f"(adr/{page.name})" not in told] == []


def test_money_that_waits_is_never_called_what_it_is_not():
    shown = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
    for folder in ("templates", "static"):
        shown += [
            path for path in (ROOT / folder).rglob("*") if path.suffix in {".html", ".txt", ".css", ".js", ".svg"}
        ]

    assert [page_id(path) for path in shown if FORBIDDEN_WORD in path.read_text().lower()] == []
