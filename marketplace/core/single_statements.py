"""Connections for what comes in bursts, polls of calendars and events of Stripe: one statement each, which is a
transaction by itself, so neither BEGIN and COMMIT around it nor a ping before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import psycopg
from flask import Flask, current_app
from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError

from marketplace.core.db import db

Result = TypeVar("Result")
Row = tuple[Any, ...]


class SingleStatements:
    """A second, small pool on the database of `engine`; it closes with that one's."""

    def __init__(self, engine: Engine, options: dict[str, Any]) -> None:
        lean = {"isolation_level": "AUTOCOMMIT", "pool_pre_ping": False, "pool_reset_on_return": None}
        self._engine = create_engine(engine.url, **{**options, **lean})
        event.listen(engine, "engine_disposed", lambda _: self._engine.dispose())

    def run(self, act: Callable[[Connection], Result]) -> Result:
        """`act` runs one statement, of which two do no more than one: it is repeated if the connection was lost."""
        try:
            return self._once(act)
        except DBAPIError as failure:
            if not failure.connection_invalidated:
                raise
        return self._once(act)

    def row(self, statement: str, values: Mapping[str, object]) -> Row | None:
        """The one row that `statement` reads, a text by `in_driver_words`; repeated if the connection was lost.

        psycopg is asked directly and prepares the statement by itself: putting SQLAlchemy's objects around one row took
        three times as long as reading it. Raises psycopg's errors.
        """
        try:
            return self._row(statement, values)
        except _Lost:
            self._engine.dispose()  # one that the server has closed is seldom alone
        return self._row(statement, values)

    def _once(self, act: Callable[[Connection], Result]) -> Result:
        with self._engine.connect() as connection:
            return act(connection)

    def _row(self, statement: str, values: Mapping[str, object]) -> Row | None:
        pooled = self._engine.raw_connection()
        driver = cast("psycopg.Connection[Row]", pooled.driver_connection)
        try:
            return driver.execute(statement, values).fetchone()
        except psycopg.OperationalError as failure:
            if not driver.closed:
                raise
            pooled.invalidate()
            raise _Lost from failure
        finally:
            pooled.close()


class _Lost(psycopg.OperationalError):
    """The connection is closed, and what was asked has not been answered."""


def in_driver_words(statement: Select[*tuple[Any, ...]]) -> str:
    """As psycopg takes it, put together once. The values come back as psycopg reads them, so of plain types only."""
    return str(statement.compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]


def init_app(app: Flask) -> None:
    with app.app_context():
        app.extensions["single_statements"] = SingleStatements(db.engine, app.config["SQLALCHEMY_ENGINE_OPTIONS"])


def single_statements() -> SingleStatements:
    """Those of this application."""
    made: SingleStatements = current_app.extensions["single_statements"]
    return made
