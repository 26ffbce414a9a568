"""Runs what waits in the job queue, with the real worker, until nothing waits."""

from flask import Flask
from sqlalchemy import text

from marketplace.core import worker
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.jobs import TASKS


def run_jobs(app: Flask, settings: Settings, *, failing: bool = False) -> None:
    """Every waiting job once, in the order of the queue. A failed job fails the test unless `failing` says so."""
    runner = worker.build(app, settings)
    runner.periodic_registry.periodic_tasks.clear()  # a test says itself when a sweep is due
    runner.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, concurrency=1)
    if not failing:
        assert failed_jobs(app) == []


def sweep(app: Flask, *names: str) -> None:
    """What the worker starts over and over, now and once: `sweep(app, "core:sweep_mail")`."""
    for name in names:
        with app.app_context():
            TASKS[name]()


def waiting_jobs(app: Flask) -> list[tuple[str, dict[str, object]]]:
    """Name and arguments of what nobody has begun, oldest first."""
    return _jobs(app, "todo")


def failed_jobs(app: Flask) -> list[tuple[str, dict[str, object]]]:
    return _jobs(app, "failed")


def _jobs(app: Flask, status: str) -> list[tuple[str, dict[str, object]]]:
    query = "SELECT task_name, args FROM procrastinate_jobs WHERE status::text = :status ORDER BY id"
    with app.app_context(), db.engine.connect() as connection:
        return [(name, arguments) for name, arguments in connection.execute(text(query), {"status": status})]
