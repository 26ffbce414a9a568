"""What a machine without settings gets: a PostgreSQL of its own and a kept secret. Production refuses both."""

import atexit
import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from psycopg.errors import DuplicateDatabase

from marketplace.core import embedded_postgres
from marketplace.core.config import Settings

DATABASE = "officehours"


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
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _embedded_database(data: Path) -> str:
    cluster = embedded_postgres.start(data)
    if cluster.started_here:
        atexit.register(cluster.stop)
    with suppress(DuplicateDatabase):
        cluster.create_database(DATABASE)
    return cluster.url(DATABASE)
