"""The flask commands."""

from flask import Flask, current_app

from marketplace.core import worker
from marketplace.core.http import settings


def init_app(app: Flask) -> None:
    app.cli.command("worker")(run_worker)


def run_worker() -> None:
    """Run jobs and sweeps until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    runner = worker.build(app, settings())
    with runner.open():
        runner.run_worker(concurrency=4)
