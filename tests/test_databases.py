"""A database that was emptied is as a new one; one that cannot be is not used again."""

import psycopg
import pytest

from tests.databases import Databases

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@pytest.fixture
def few(cluster, template):
    made = Databases(cluster, template)
    yield made
    made.drop_all()


def content(cluster, name):
    with psycopg.connect(cluster.dsn(name)) as connection:
        tables = [name for (name,) in connection.execute(TABLES).fetchall()]
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables}
        counters = connection.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall()
    return rows, counters


def used(few, cluster, statement, **how):
    """The name of the database in which that was done, and how it was before."""
    with few.one(new=how.get("new", False)) as name:
        before = content(cluster, name)
        with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
            connection.execute(statement)
        assert content(cluster, name) != before or how.get("leaves_rows_alone")
    return name, before


WRITES = "INSERT INTO audit_entry (at, what, detail) SELECT now(), 'a:b', '{}' FROM generate_series(1, 3)"


def test_rows_and_counters_are_gone_also_from_what_is_only_added_to(few, cluster):
    first, before = used(few, cluster, WRITES)

    with few.one(new=False) as second:
        assert second == first
        assert content(cluster, second) == before


def test_what_migrations_wrote_is_there_again(few, cluster):
    first, before = used(few, cluster, "DELETE FROM alembic_version")

    with few.one(new=False) as second:
        assert second == first
        assert content(cluster, second) == before


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_is_append_only",
        "ALTER TABLE occupancy DROP CONSTRAINT no_double_booking",
        "DROP INDEX one_account_per_address",
        "CREATE TABLE more ()",
    ],
)
def test_a_changed_schema_is_not_used_again(few, cluster, change):
    first, _before = used(few, cluster, change, leaves_rows_alone=True)

    with few.one(new=False) as second:
        assert second != first


def test_a_database_that_has_grown_is_not_used_again(few, cluster):
    used(few, cluster, WRITES)
    grown, _before = used(few, cluster, WRITES.replace("3)", "30000)"))

    with few.one(new=False) as another:
        assert another != grown


def test_a_new_one_is_nobody_elses(few, cluster):
    first, _before = used(few, cluster, WRITES)
    second, _before = used(few, cluster, WRITES, new=True)

    assert second != first
    with psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [second]).fetchone() is None
