"""The application as gunicorn serves it in production, over a real PostgreSQL of its own, on loopback.

Beside it stands an empty view, which runs through all the application's hooks and exists only here: the least that any
answer costs.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.request import urlopen
from uuid import uuid4

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql

from marketplace.app import create_app
from marketplace.core import embedded_postgres
from marketplace.core.config import ROOT, Settings
from marketplace.core.db import db

SECRET_KEY = "a secret of the benchmark, long enough"  # noqa: S105 - opens nothing
WEBHOOK_SECRET = "whsec_of_the_benchmark"  # noqa: S105 - signs nothing that counts
EMPTY = "/empty-view-of-the-benchmark"
PATIENCE_SECONDS = 30
SERVER = ["-m", "gunicorn", "--workers=2", "--threads=4", "--worker-class=gthread", "--log-level=warning"]


def served() -> Flask:
    """What gunicorn serves: the application and the empty view."""
    app = create_app()
    app.add_url_rule(EMPTY, "empty_view", lambda: "")
    return app


@contextmanager
def database() -> Iterator[str]:
    """A migrated database of its own, dropped afterwards; the server stops if it was started here."""
    cluster = embedded_postgres.start(ROOT / "instance" / "pg-bench", durable=False)
    name = f"bench_{uuid4().hex[:12]}"
    cluster.create_database(name)
    try:
        with TemporaryDirectory() as instance, context(cluster.url(name), instance):
            upgrade()
        yield cluster.url(name)
    finally:
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        if cluster.started_here:
            cluster.stop()


@contextmanager
def context(url: str, instance: str) -> Iterator[None]:
    settings = Settings.from_env(environment(url, instance))
    with create_app(settings).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def environment(url: str, instance: str) -> dict[str, str]:
    return {
        "OFFICE_HOURS_ENV": "test",
        "SECRET_KEY": SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "DATABASE_URL": url,
        "INSTANCE": instance,
    }


@contextmanager
def server(url: str, instance: str) -> Iterator[int]:
    """gunicorn on a free port of loopback, which it inherits as an open socket."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        handle, port = listening.fileno(), int(listening.getsockname()[1])
        command = [sys.executable, *SERVER, f"--bind=fd://{handle}", "tools.bench.serving:served()"]
        gunicorn = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment(url, instance)}, pass_fds=[handle]
        )
        try:
            wait_for(port)
            yield port
        finally:
            gunicorn.terminate()
            gunicorn.wait(PATIENCE_SECONDS)


def wait_for(port: int) -> None:
    give_up_at = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{EMPTY}", timeout=5):
                return
        except OSError:
            if monotonic() > give_up_at:
                raise
            sleep(0.1)
