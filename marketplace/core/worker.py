"""The worker: runs the registered tasks, starts the sweeps, and takes up what a dead worker left."""

from collections.abc import Callable
from functools import wraps

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector, jobs
from procrastinate.exceptions import UniqueViolation
from procrastinate.manager import JobManager

from marketplace.core import postman  # noqa: F401  # registers the sending of mail
from marketplace.core.config import Settings
from marketplace.core.jobs import SWEEPS, TASKS, Task

HEARTBEAT_SECONDS = 5
STALLED_AFTER_SECONDS = 20
RETRY_STALLED_CRON = "* * * * * */10"


def libpq(database_url: str) -> str:
    """The same address without SQLAlchemy's driver name."""
    return database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def build(app: Flask, settings: Settings) -> procrastinate.App:
    runner = procrastinate.App(
        connector=PsycopgConnector(conninfo=libpq(settings.database_url), min_size=1, max_size=8),
        worker_defaults={
            "update_heartbeat_interval": HEARTBEAT_SECONDS,
            "stalled_worker_timeout": STALLED_AFTER_SECONDS,
            "delete_jobs": "successful",  # the sweeps alone would leave thousands of rows a day
        },
    )
    for name, function in TASKS.items():
        job = runner.task(name=name)(_in_context(app, function, sweeps=name in SWEEPS))
        if name in SWEEPS:
            runner.periodic(cron=SWEEPS[name], queueing_lock=name, lock=name)(job)
    _retry_stalled(runner)
    return runner


def _in_context(app: Flask, function: Task, *, sweeps: bool) -> Callable[..., None]:
    @wraps(function)
    def run(*_timestamp: int, **arguments: object) -> None:
        # procrastinate hands a periodic task its nominal time; ours go by the movable clock instead.
        with app.app_context():
            function(**({} if sweeps else arguments))

    return run


def _retry_stalled(runner: procrastinate.App) -> None:
    """procrastinate does not start the jobs of a worker that died again; this does."""

    @runner.periodic(cron=RETRY_STALLED_CRON, queueing_lock="core:retry_stalled")
    @runner.task(name="core:retry_stalled")
    async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001  # procrastinate passes it by this name
        manager = runner.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
            await _run_again(manager, job)


async def _run_again(manager: JobManager, job: jobs.Job) -> None:
    """Not when its like waits already (they share a queueing lock): that one does the work, once this lets it go."""
    try:
        await manager.retry_job(job)
    except UniqueViolation:
        await manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
