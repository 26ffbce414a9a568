"""The application as it is served: by gunicorn in a process of its own, or in threads of the test's process."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask
from werkzeug.serving import make_server

from marketplace.core.config import ROOT, Settings, variable
from tests.stripe_side import wait_until

PASSED_ON = (
    "environment",
    "secret_key",
    "database_url",
    "instance",
    "clock_offset_file",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "stripe_api_base",
    "meeting_url",
    "smtp_url",
    "public_url",
)


@dataclass(frozen=True, slots=True)
class Served:
    url: str
    process: subprocess.Popen[bytes]
    log: Path


def environment(settings: Settings) -> dict[str, str]:
    """The settings as the variables that make them."""
    given = {variable(name): str(getattr(settings, name)) for name in PASSED_ON if getattr(settings, name)}
    return {**os.environ, **given}


@contextmanager
def served(
    settings: Settings,
    *,
    port: int,
    app: str = "wsgi:app",
    workers: int = 4,
    threads: int = 4,
    extra: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """Answers when it is entered; ended by its pid when it is left. `settings.public_url` should name the port."""
    log = settings.instance / "web.log"
    command = [sys.executable, "-m", "gunicorn", app, "-b", f"127.0.0.1:{port}", "-w", str(workers)]
    command += ["--preload", "--threads", str(threads), "--graceful-timeout", "5", "--timeout", "60"]
    env = {**environment(settings), **(extra or {})}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
    server = Served(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until(lambda: _answers(server), seconds=60)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def in_threads(app: Flask) -> Iterator[str]:
    """The address. It has the test's own database and clock, and no start of a process to wait for."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def working(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own."""
    log = settings.instance / "worker.log"
    env = {**environment(settings), "FLASK_APP": "wsgi"}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(server: Served) -> bool:
    assert server.process.poll() is None, server.log.read_text()
    try:
        return requests.get(f"{server.url}/sign-in", timeout=5).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False
