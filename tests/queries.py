"""Counts the statements that a piece of code sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import event

from marketplace.core.db import db


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The statements so far, in their order; `len()` of it is the count."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def queries_of(client: FlaskClient, path: str) -> list[str]:
    """The statements of a page that is shown."""
    with count_queries() as statements:
        assert client.get(path).status_code == 200
    return statements
