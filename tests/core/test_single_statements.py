"""Connections that nobody pings: a lost one is replaced, any other failure is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from psycopg.errors import UndefinedColumn
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from marketplace.core.db import db
from marketplace.core.single_statements import SingleStatements

OWN_PROCESS = "SELECT pg_backend_pid()"


def by_sqlalchemy(statements: SingleStatements) -> int:
    return int(statements.run(lambda connection: connection.execute(text(OWN_PROCESS)).scalar_one()))


def by_psycopg(statements: SingleStatements) -> int:
    (pid,) = statements.row(OWN_PROCESS, {}) or ()
    return int(pid)


both_ways = pytest.mark.parametrize("own_process", [by_sqlalchemy, by_psycopg])


def end(*processes: int) -> None:
    with db.engine.connect() as connection:
        for pid in processes:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


@pytest.fixture
def statements(app: Flask) -> SingleStatements:
    made: SingleStatements = app.extensions["single_statements"]
    return made


@both_ways
def test_a_connection_is_used_again_and_replaced_when_the_database_has_closed_it(
    statements: SingleStatements, own_process
):
    first, again = own_process(statements), own_process(statements)
    end(first)

    fresh = own_process(statements)

    assert again == first
    assert fresh != first


def test_where_all_connections_were_closed_the_next_row_is_read_all_the_same(statements: SingleStatements):
    """As after a restart of the database."""
    meet = Barrier(3)

    def own_process_beside_others(_):
        def act(connection):
            meet.wait(timeout=30)
            return connection.execute(text(OWN_PROCESS)).scalar_one()

        return statements.run(act)

    with ThreadPoolExecutor(3) as threads:
        kept = set(threads.map(own_process_beside_others, range(3)))
    end(*kept)

    fresh = by_psycopg(statements)

    assert len(kept) == 3
    assert fresh not in kept


def test_a_statement_that_fails_is_not_repeated(statements: SingleStatements):
    asked = []

    def wrong(connection):
        asked.append(connection)
        connection.execute(text("SELECT no_such_column"))

    with pytest.raises(ProgrammingError):
        statements.run(wrong)

    assert len(asked) == 1


def test_a_row_that_cannot_be_read_says_why_and_costs_no_connection(statements: SingleStatements):
    before = by_psycopg(statements)

    with pytest.raises(UndefinedColumn):
        statements.row("SELECT no_such_column", {})

    assert by_psycopg(statements) == before


def test_there_may_be_no_row(statements: SingleStatements):
    assert statements.row("SELECT 1 WHERE 1 = %(other)s", {"other": 2}) is None


@both_ways
def test_no_transaction_is_left_open(statements: SingleStatements, own_process):
    pid = own_process(statements)

    with db.engine.connect() as connection:
        state = connection.execute(text("SELECT state FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid})

        assert state.scalar_one() == "idle"
