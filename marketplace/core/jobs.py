"""Jobs: enqueued by name inside the transaction that needs them, run by `flask worker` through procrastinate.

Every job may run twice (a worker can die after the work and before saying so), so every task is idempotent. Nothing
is scheduled for a later time and nothing waits for a retry: sweeps ask what is due by our own columns, so that time can
be moved and a failed job costs no more than the time until the next sweep.
"""

from collections.abc import Callable
from typing import Any, cast

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

Task = Callable[..., None]
TASKS: dict[str, Task] = {}
SWEEPS: dict[str, str] = {}
"""Name of a task to the cron line (with seconds last) at which the worker starts it."""

# Never opened: it only writes the INSERT, on the caller's own connection.
_DEFERRER = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def task(name: str) -> Callable[[Task], Task]:
    """Register what a job of this name does. It runs in an application context of its own and commits itself."""

    def register(function: Task) -> Task:
        TASKS[name] = function
        return function

    return register


def sweep(name: str, *, cron: str) -> Callable[[Task], Task]:
    """Register a task without arguments that the worker starts over and over."""

    def register(function: Task) -> Task:
        SWEEPS[name] = cron
        return task(name)(function)

    return register


def enqueue(
    session: Session, name: str, *, once: str | None = None, lane: str | None = None, **arguments: object
) -> None:
    """Add a job that exists exactly if the session's transaction commits.

    `once` names a queueing lock: while a job with it waits, another is not added. A savepoint keeps the refusal
    from aborting the caller's transaction. Of the jobs of one `lane` one runs at a time, whatever the workers are.
    """
    session.flush()
    if once is None:
        _defer(session, name, {"lock": lane}, arguments)
        return
    try:
        with session.begin_nested():
            _defer(session, name, {"lock": lane, "queueing_lock": once}, arguments)
    except AlreadyEnqueued:
        return


def _defer(session: Session, name: str, locks: dict[str, str | None], arguments: dict[str, object]) -> None:
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    job = _DEFERRER.configure_task(
        name,
        allow_unknown=True,
        connection=connection,
        lock=locks["lock"],
        queueing_lock=locks.get("queueing_lock"),
    )
    job.defer(**cast("dict[str, Any]", arguments))


def job_sql(name: str, arguments: str) -> str:
    """SQL of an expression that adds a job, for a statement that writes its reason too; the same as `enqueue` does.

    `arguments` is an SQL expression of the job's arguments as jsonb. Neither may come from outside.
    """
    job = f"ROW('default', '{name}', 0, NULL, NULL, {arguments}, NULL)::procrastinate_job_to_defer_v1"
    return f"procrastinate_defer_jobs_v1(ARRAY[{job}])"
