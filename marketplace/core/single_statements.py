"""Connections for what comes in bursts, polls of calendars and events of Stripe: one statement each, which is a
transaction by itself, so neither BEGIN and COMMIT around it nor a ping before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from marketplace.core.db import db

Result = TypeVar("Result")


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

    def _once(self, act: Callable[[Connection], Result]) -> Result:
        with self._engine.connect() as connection:
            return act(connection)


def init_app(app: Flask) -> None:
    with app.app_context():
        app.extensions["single_statements"] = SingleStatements(db.engine, app.config["SQLALCHEMY_ENGINE_OPTIONS"])


def single_statements() -> SingleStatements:
    """Those of this application."""
    made: SingleStatements = current_app.extensions["single_statements"]
    return made
