"""Sample mentors, as many as wanted, in a few seconds."""

from __future__ import annotations

from pathlib import Path

import psycopg

from marketplace.core.worker import libpq

STATEMENTS = Path(__file__).with_suffix(".sql")


def add_mentors(url: str, many: int) -> None:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute(STATEMENTS.read_text().replace(":many", str(many)))
