"""A database for each test, as if it were new: one that is given back is emptied, which costs far less than a copy.

What emptying does not undo is noticed, and such a database is dropped: a change of the schema, which an event trigger
notes, and files that have grown, since rows that were deleted stay in them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import Connection, sql

from marketplace.core.embedded_postgres import Cluster

MAY_GROW_BY = 2_000_000
"""Bytes."""
SOURCE = Path(__file__).read_bytes()
MARKS = """
CREATE SCHEMA testing;
CREATE TABLE testing.schema_change (tag text);
CREATE FUNCTION testing.note_schema_change() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN INSERT INTO testing.schema_change VALUES (tg_tag); END $$;
"""
WATCHES = """
CREATE EVENT TRIGGER note_schema_change ON ddl_command_end EXECUTE FUNCTION testing.note_schema_change();
CREATE EVENT TRIGGER note_schema_drop ON sql_drop EXECUTE FUNCTION testing.note_schema_change();
"""
EMPTY = """
CREATE FUNCTION testing.empty() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
{statements}
PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
TABLES = "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def make_emptiable(dsn: str) -> None:
    """Of a migrated database; the rows that migrations wrote are there again after each emptying."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(MARKS)
        statements = []
        for (table,) in connection.execute(TABLES).fetchall():
            statements.append(f"DELETE FROM public.{table};")
            if connection.execute(f"SELECT FROM public.{table} LIMIT 1").fetchone() is not None:
                connection.execute(f"CREATE TABLE testing.{table} AS TABLE public.{table}")
                statements.append(f"INSERT INTO public.{table} OVERRIDING SYSTEM VALUE TABLE testing.{table};")
        connection.execute(EMPTY.format(statements="\n".join(statements)))
        connection.execute(WATCHES)


class Databases:
    """The databases of one process of tests. Those that are free are as the template is."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster = cluster
        self._template = template
        self._free: list[str] = []
        self._size: int | None = None

    @contextlib.contextmanager
    def one(self, *, new: bool) -> Iterator[str]:
        """Its name. `new`: a copy, and nobody has it after this; for what leaves processes behind that may still
        write, or measures."""
        name = self._free.pop() if self._free and not new else self._copy()
        yield name
        if new or not self._emptied(name):
            self._drop(name)
        else:
            self._free.append(name)

    def drop_all(self) -> None:
        while self._free:
            self._drop(self._free.pop())

    def _copy(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        self._cluster.create_database(name, template=self._template)
        return name

    def _drop(self, name: str) -> None:
        with psycopg.connect(self._cluster.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _emptied(self, name: str) -> bool:
        """False if it cannot be as it was."""
        with psycopg.connect(self._cluster.dsn(name), autocommit=True) as connection:
            connection.execute(END_OTHERS)
            if _changed(connection):
                return False
            connection.execute("SELECT testing.empty()")
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert size is not None
        if self._size is None:
            self._size = size[0]
        return bool(size[0] <= self._size + MAY_GROW_BY)


def _changed(connection: Connection) -> bool:
    return connection.execute("SELECT FROM testing.schema_change LIMIT 1").fetchone() is not None
