"""Runs what waits in the job queue in this process, so that a worker can die where fate says.

A job whose worker has died is never taken up again here: the sweeps must not need it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection, text

from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.jobs import TASKS

NEXT = "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1"
MARK = "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status) WHERE id = :number"


def run_waiting(app: Flask) -> None:
    """Jobs about money, the oldest first; letters are not sent."""
    for number, name, arguments in iter(_next_job, None):
        _mark(number, "doing")
        try:
            with app.app_context():
                if name.startswith("payments:"):
                    TASKS[name](**arguments)
            _mark(number, "succeeded")
        except DomainError:
            _mark(number, "failed")


def _next_job() -> tuple[int, str, dict[str, object]] | None:
    with _outside() as connection:
        row = connection.execute(text(NEXT)).one_or_none()
        return None if row is None else (row.id, row.task_name, row.args)


def _mark(number: int, status: str) -> None:
    with _outside() as connection:
        connection.execute(text(MARK), {"status": status, "number": number})


@contextmanager
def _outside() -> Iterator[Connection]:
    """procrastinate's own connection, whose commits no fate touches."""
    with db.engine.begin() as connection:
        yield connection
