"""Processor time of an application in this process and of what PostgreSQL does for it: what else the machine has to do
changes it little, where the time by the clock on the wall may be ten times as long.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time

from flask import Flask
from sqlalchemy import text

from marketplace.core.db import db

_ITS_CONNECTIONS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")


class Processor:
    """Where the system does not tell it of others' processes, as only Linux does, it is the clock on the wall."""

    def __init__(self, app: Flask) -> None:
        """Counts the connections that are open by now."""
        with app.app_context(), db.engine.connect() as connection:
            pids = connection.scalars(_ITS_CONNECTIONS).all()
        self._files = [Path(f"/proc/{pid}/schedstat") for pid in pids]
        self._is_told = all(file.exists() for file in self._files)

    def seconds(self) -> float:
        """So far."""
        if not self._is_told:
            return perf_counter()
        return process_time() + sum(int(file.read_text().split()[0]) for file in self._files) / 1e9
