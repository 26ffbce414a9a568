"""Connections that nobody pings: a lost one is replaced, any other failure is told."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from marketplace.core.db import db
from marketplace.core.single_statements import SingleStatements


def own_process(connection):
    return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()


@pytest.fixture
def statements(app: Flask) -> SingleStatements:
    made: SingleStatements = app.extensions["single_statements"]
    return made


def test_a_connection_is_used_again_and_replaced_when_the_database_has_closed_it(statements: SingleStatements):
    first, again = statements.run(own_process), statements.run(own_process)
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})

    fresh = statements.run(own_process)

    assert again == first
    assert fresh != first


def test_a_statement_that_fails_is_not_repeated(statements: SingleStatements):
    asked = []

    def wrong(connection):
        asked.append(connection)
        connection.execute(text("SELECT no_such_column"))

    with pytest.raises(ProgrammingError):
        statements.run(wrong)

    assert len(asked) == 1


def test_no_transaction_is_left_open(statements: SingleStatements):
    pid = statements.run(own_process)

    with db.engine.connect() as connection:
        state = connection.execute(text("SELECT state FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid})

        assert state.scalar_one() == "idle"
