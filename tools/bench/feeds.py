"""How many unchanged calendars a second the site answers with 304, against an empty view of the same application.

gunicorn as in production (2 workers of 4 threads) over a real PostgreSQL, on loopback. The empty view runs through all
the application's hooks and exists only here. Rounds alternate, so that what else the machine does meets both alike.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.request import urlopen
from uuid import uuid4

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql

from booking.domain.calendar import Scope
from booking.services.feeds import make_feed, own_feed, secret_of
from marketplace.accounts.models import User
from marketplace.app import create_app
from marketplace.core import embedded_postgres
from marketplace.core.config import ROOT, Settings
from marketplace.core.db import db

SECRET_KEY = "a secret of the benchmark, long enough"  # noqa: S105 - opens nothing
EMPTY = "/empty-view-of-the-benchmark"
CONNECTIONS = 8
ROUNDS = 5
PATIENCE_SECONDS = 30
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SERVER = ["-m", "gunicorn", "--workers=2", "--threads=4", "--worker-class=gthread", "--log-level=warning"]


def served() -> Flask:
    """What gunicorn serves: the application and the empty view."""
    app = create_app()
    app.add_url_rule(EMPTY, "empty_view", lambda: "")
    return app


def measure(seconds: float = 10) -> dict[str, float]:
    """`seconds` is for all rounds together. Rates are medians of the rounds, `ratio` is their quotient."""
    with database() as url, TemporaryDirectory() as instance, server(url, instance) as port:
        path = f"/calendar/{subscribe(url)}.ics"
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            etag = answer.headers["ETag"]
        poll, empty = request(path, etag), request(EMPTY, None)
        rate(port, poll, b"304", 1)
        rate(port, empty, b"200", 1)
        each = seconds / (2 * ROUNDS)
        pairs = [(rate(port, poll, b"304", each), rate(port, empty, b"200", each)) for _ in range(ROUNDS)]
    polls, empties = (median(rates) for rates in zip(*pairs, strict=True))
    return {"ratio": polls / empties, "feed_304_per_s": polls, "empty_view_per_s": empties}


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
    return {"OFFICE_HOURS_ENV": "test", "SECRET_KEY": SECRET_KEY, "DATABASE_URL": url, "INSTANCE": instance}


def subscribe(url: str) -> str:
    """The secret of a calendar of somebody without sessions; a 304 looks at none anyway."""
    with TemporaryDirectory() as instance, context(url, instance):
        ada = User(
            email="ada@example.org",
            password_hash="",
            name="Ada Example",
            zone="Europe/Stockholm",
            calendar_changed_at=NOW,
            created_at=NOW,
        )
        db.session.add(ada)
        db.session.flush()
        make_feed(db.session(), ada.id, Scope.MENTEE, secret_key=SECRET_KEY, now=NOW)
        feed = own_feed(db.session(), ada.id, Scope.MENTEE)
        db.session.commit()
        return secret_of(SECRET_KEY, feed.id, feed.rotation)


@contextmanager
def server(url: str, instance: str) -> Iterator[int]:
    """gunicorn on a free port of loopback, which it inherits as an open socket."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        handle, port = listening.fileno(), int(listening.getsockname()[1])
        command = [sys.executable, *SERVER, f"--bind=fd://{handle}", "tools.bench.feeds:served()"]
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


def request(path: str, etag: str | None) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: Thunderbird/153", "Accept: text/calendar"]
    if etag:
        lines.append(f"If-None-Match: {etag}")
    return "\r\n".join([*lines, "", ""]).encode()


def rate(port: int, asked: bytes, status: bytes, seconds: float) -> float:
    """Answers a second over a few connections that stay open. They have no body, so the blank line ends each.

    Not http.client: parsing the answers would take longer than making them, and hide the difference.
    """
    with selectors.DefaultSelector() as waiting:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
            connection.sendall(asked)
            waiting.register(connection, selectors.EVENT_READ, bytearray())
        began, answers = monotonic(), 0
        while (took := monotonic() - began) < seconds:
            for key, _ in waiting.select(timeout=PATIENCE_SECONDS):
                answers += next_answer(key, asked, status)
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return answers / took


def next_answer(key: selectors.SelectorKey, asked: bytes, status: bytes) -> int:
    """1 if an answer is complete, and the next request has gone out."""
    connection, so_far = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    so_far += connection.recv(65536)
    if not so_far.endswith(b"\r\n\r\n"):
        return 0
    if so_far[9:12] != status:
        raise RuntimeError(f"{status.decode()} was expected, and this came: {bytes(so_far[:200])!r}")
    so_far.clear()
    connection.sendall(asked)
    return 1


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
