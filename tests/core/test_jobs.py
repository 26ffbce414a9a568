"""Jobs live and die with the transaction that added them, and outlive the worker that began them."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import UniqueViolation as Taken
from sqlalchemy import func, select, text

from marketplace.core import worker
from marketplace.core.config import ROOT
from marketplace.core.jobs import SWEEPS, TASKS, enqueue
from marketplace.core.mail import MailRow
from tests.factories import make_user
from tests.jobs import failed_jobs, run_jobs, waiting_jobs
from tests.mailbox import letters_kept

PATIENCE_SECONDS = 60


@pytest.fixture
def seen() -> Iterator[list[object]]:
    """What the task `tests:note` was given, while the test runs."""
    notes: list[object] = []

    def take_note(note: object) -> None:
        notes.append(note)

    TASKS["tests:note"] = take_note
    yield notes
    del TASKS["tests:note"]


def test_a_committed_job_runs_once(app, settings, session, seen):
    enqueue(session, "tests:note", note="committed")
    session.commit()

    run_jobs(app, settings)
    run_jobs(app, settings)

    assert seen == ["committed"]


def test_a_rollback_takes_the_job_along(app, settings, session, seen):
    make_user(session)
    enqueue(session, "tests:note", note="rolled back")
    session.rollback()

    run_jobs(app, settings)

    assert (seen, waiting_jobs(app), failed_jobs(app)) == ([], [], [])


def test_nobody_sees_a_job_before_the_commit(app, settings, session, seen):
    enqueue(session, "tests:note", note="not yet")

    run_jobs(app, settings)

    assert seen == []
    session.rollback()


def test_once_adds_one_job_and_leaves_the_transaction_usable(app, settings, session, seen):
    enqueue(session, "tests:note", once="the-note", note="first")
    session.commit()
    user = make_user(session)

    enqueue(session, "tests:note", once="the-note", note="second")
    user.name = "Written after the refusal"
    session.commit()

    session.refresh(user)
    assert user.name == "Written after the refusal"
    run_jobs(app, settings)
    assert seen == ["first"]


def test_control_without_the_savepoint_the_transaction_is_lost(session):
    insert = text("INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('default', 'x', 'x')")
    session.execute(insert)

    with pytest.raises(Exception, match="procrastinate_jobs_queueing_lock_idx") as refused:
        session.execute(insert)
    assert isinstance(refused.value.orig, Taken)  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="current transaction is aborted"):
        session.connection().connection.driver_connection.execute("SELECT 1")
    session.rollback()


def test_a_job_that_fails_says_so_and_stops_no_other(app, settings, session, seen):
    enqueue(session, "tests:note", wrong="argument")
    enqueue(session, "tests:note", note="the next")
    session.commit()

    run_jobs(app, settings, failing=True)

    assert seen == ["the next"]
    assert failed_jobs(app) == [("tests:note", {"wrong": "argument"})]


def enqueued_names(source: Path) -> list[tuple[str, int]]:
    """The name in every `enqueue(session, name, …)`, with its line. A name must be written out, so that it is found."""
    names: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(source.read_text())):
        if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] != "enqueue":
            continue
        name = node.args[1]
        names.append((ast.literal_eval(name) if isinstance(name, ast.Constant) else ast.unparse(name), node.lineno))
    return names


SOURCES = [path for package in ("marketplace", "booking", "payments") for path in (ROOT / package).rglob("*.py")]
ENQUEUED = [
    pytest.param(name, id=f"{path.relative_to(ROOT)}:{line}") for path in SOURCES for name, line in enqueued_names(path)
]


@pytest.mark.parametrize("name", ENQUEUED)
def test_every_enqueued_name_has_a_task(app, name):
    assert name in TASKS


def test_names_are_found_in_the_source():
    assert {"core:send_mail", "accounts:send_again"} <= {case.values[0] for case in ENQUEUED}


def test_the_worker_knows_every_task_and_sweep(app, settings):
    runner = worker.build(app, settings)

    assert set(TASKS) <= set(runner.tasks)
    assert {name for name, _ in runner.periodic_registry.periodic_tasks} == {*SWEEPS, "core:retry_stalled"}


class Workers:
    """`flask worker` as its own process, as an operator runs it."""

    def __init__(self, settings, folder: Path) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "OFFICE_HOURS_ENV": "test",
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url,
            "INSTANCE": str(settings.instance),
            "CLOCK_OFFSET_FILE": str(settings.clock_offset_file),
            "PYTHONUNBUFFERED": "1",
        }
        self.log = folder / "worker.log"
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait(PATIENCE_SECONDS)


@pytest.fixture
def workers(settings, tmp_path) -> Iterator[Workers]:
    started = Workers(settings, tmp_path)
    yield started
    started.end()


def wait_for(question, workers: Workers):
    """The first answer that is true."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"It did not come about. The worker said:\n{workers.log.read_text()[-3000:]}")


@pytest.fixture
def watcher(settings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(worker.libpq(settings.database_url), autocommit=True) as connection:
        yield connection


def state_of_job(watcher: psycopg.Connection, name: str) -> tuple[str, int] | None:
    query = "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s ORDER BY id LIMIT 1"
    return watcher.execute(query, [name]).fetchone()


def blocked(watcher: psycopg.Connection) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return watcher.execute(query).fetchone() is not None


@pytest.mark.slow
def test_what_a_killed_worker_was_doing_is_done_by_the_next(app, settings, session, workers, watcher):
    user = make_user(session, email="ada@example.org", verified_at=None)
    enqueue(session, "accounts:send_again", email=user.email, onward="")
    session.commit()
    with psycopg.connect(worker.libpq(settings.database_url)) as obstacle:
        obstacle.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        first = workers.start()
        wait_for(lambda: blocked(watcher), workers)
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE_SECONDS)
    assert state_of_job(watcher, "accounts:send_again") == ("doing", 0)
    assert letters_kept(settings) == []
    # As if the time had passed after which a silent worker counts as dead.
    watcher.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")

    workers.start()

    [letter] = wait_for(lambda: letters_kept(settings), workers)
    assert letter["To"] == "ada@example.org"
    wait_for(lambda: state_of_job(watcher, "accounts:send_again") is None, workers)
    assert session.scalar(select(func.count()).select_from(MailRow)) == 1


@pytest.mark.slow
def test_a_worker_that_is_asked_to_stop_ends_in_peace(settings, workers, watcher):
    process = workers.start()
    wait_for(lambda: watcher.execute("SELECT 1 FROM procrastinate_workers").fetchone(), workers)

    process.send_signal(signal.SIGTERM)

    assert process.wait(PATIENCE_SECONDS) == 0
    assert watcher.execute("SELECT 1 FROM procrastinate_workers").fetchone() is None


ABANDONED = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, lock, queueing_lock)
    VALUES ('default', :name, '{"note": "again"}', cast(:status AS procrastinate_job_status), :lock, :lock)
"""


def test_a_job_whose_like_waits_already_does_not_stand_in_the_way(app, settings, session, seen):
    for name, status, lock in [
        ("tests:note", "doing", "shared"),
        ("tests:note", "todo", "shared"),
        ("tests:note", "doing", None),
    ]:
        session.execute(text(ABANDONED), {"name": name, "status": status, "lock": lock})
    session.commit()
    run_jobs(app, settings)
    assert seen == []  # the one that waits is kept back by the lock of the one that nobody does

    enqueue(session, "core:retry_stalled", timestamp=0)
    session.commit()
    for _ in range(2):
        run_jobs(app, settings)

    assert seen == ["again", "again"]
    assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
