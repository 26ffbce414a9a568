"""The flask commands."""

from flask import Flask, current_app

from marketplace.accounts import cli as accounts
from marketplace.core import worker
from marketplace.core.http import settings
from marketplace.doctor.commands import doctor
from payments.cli import books, events, reconcile


def init_app(app: Flask) -> None:
    app.cli.command("worker")(run_worker)
    for command in (*accounts.COMMANDS, events, reconcile, books, doctor):
        app.cli.add_command(command)


def run_worker() -> None:
    """Run jobs and sweeps until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    runner = worker.build(app, settings())
    runner.run_worker(concurrency=4)
