"""What a machine without settings gets: a PostgreSQL of its own and a kept secret. Production refuses both."""

import atexit
import fcntl
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TextIO

import psycopg
from psycopg.errors import DuplicateDatabase

from marketplace.core import embedded_postgres
from marketplace.core.config import Settings
from marketplace.core.embedded_postgres import Cluster

DATABASE = "officehours"
OURS = "started here\n"


def completed(settings: Settings) -> Settings:
    """The settings with a database and a secret key, started and made where none was given."""
    if settings.production:
        return settings
    if not settings.secret_key:
        settings = replace(settings, secret_key=_kept_secret(settings.instance / "secret-key"))
    if not settings.database_url:
        settings = replace(settings, database_url=_embedded_database(settings.instance / "pg"))
    return settings


def _kept_secret(file: Path) -> str:
    """Made whole before it is seen, so that two processes that start together agree."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        with NamedTemporaryFile("w", dir=file.parent) as draft:  # readable by its owner alone
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()


def _embedded_database(data: Path) -> str:
    cluster = embedded_postgres.start(data)
    users = (data.parent / "pg.users").open("a+")
    fcntl.flock(users, fcntl.LOCK_SH)
    if cluster.started_here:
        users.write(OURS)
        users.flush()
    atexit.register(_leave, cluster, users)
    with psycopg.connect(cluster.dsn()) as one_at_a_time:
        one_at_a_time.execute("SELECT pg_advisory_xact_lock(1)")
        with suppress(DuplicateDatabase):
            cluster.create_database(DATABASE)
    return cluster.url(DATABASE)


def _leave(cluster: Cluster, users: TextIO) -> None:
    """The last of the processes that came by here ends the server, if one of them started it."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    users.seek(0)
    if users.read():
        cluster.stop()
        users.truncate(0)
