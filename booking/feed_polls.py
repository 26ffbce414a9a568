"""Connections for polls, the largest load by far: one statement each, so neither a transaction nor a ping before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

Result = TypeVar("Result")


class Polls:
    """A second, small pool on the database of `engine`; it closes with that one's."""

    def __init__(self, engine: Engine, options: dict[str, Any]) -> None:
        lean = {"isolation_level": "AUTOCOMMIT", "pool_pre_ping": False, "pool_reset_on_return": None}
        self._engine = create_engine(engine.url, **{**options, **lean})
        event.listen(engine, "engine_disposed", lambda _: self._engine.dispose())

    def read(self, ask: Callable[[Connection], Result]) -> Result:
        """Asks once more if the connection turns out to have been lost while it lay in the pool."""
        try:
            return self._once(ask)
        except DBAPIError as failure:
            if not failure.connection_invalidated:
                raise
        return self._once(ask)

    def _once(self, ask: Callable[[Connection], Result]) -> Result:
        with self._engine.connect() as connection:
            return ask(connection)
