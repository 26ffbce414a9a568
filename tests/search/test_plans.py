"""With ten thousand mentors: no statement of a page reads a large table from end to end, and there are no more of them
than with ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import event

from marketplace.app import create_app
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.embedded_postgres import Cluster
from marketplace.core.worker import libpq
from marketplace.search.domain.ranking import PER_PAGE
from marketplace.search.domain.starts import minute_of
from marketplace.search.results import MOST_PAGES
from tests.conftest import TUESDAY
from tests.search.searching import found
from tests.web import Browser
from tools.bench.mentors import add_mentors

LARGE = {
    "mentor_search",
    "search_word",
    "mentor",
    "users",
    "mentor_topic",
    "offering",
    "working_hours",
    "boundaries",
    "mentor_free",
}
PAGES = {
    "the first page": "/",
    "everybody": "/search",
    "a later page": "/search?page=7",
    "a word": "/search?q=python",
    "a phrase": "/search?q=data engineering,",
    "several words": "/search?q=compilers kubernetes hiring",
    "a name": "/search?q=lucia",
    "a typo": "/search?q=pyhton",
    "two typos and a beginning": "/search?q=kubernets statstics acces",
    "what nobody writes": "/search?q=xylophones",
    "a topic": "/search?topic=Security",
    "a language": "/search?language=de",
    "a rare language": "/search?language=nl",
    "a price": "/search?price=60&currency=USD",
    "a price nobody has": "/search?price=1&currency=USD",
    "a form": "/search?form=fit_call",
    "my hours": "/search?hours=y&zone=America/New_York",
    "hours that nobody works": "/search?hours=y&opens=00:00&closes=01:00&zone=Pacific/Honolulu",
    "free soon": "/search?within=3",
    "free soon in my hours": "/search?within=3&hours=y&zone=America/New_York",
    "by time": "/search?sort=time",
    "by time, a word": "/search?sort=time&q=python",
    "by time, in my hours": "/search?sort=time&hours=y&zone=America/New_York",
    "by time, in hours that few work": "/search?sort=time&hours=y&opens=05:00&closes=06:00&zone=Pacific/Auckland",
    "all of it": "/search?q=python&topic=Hiring&language=de&price=90&currency=EUR&form=session&hours=y&within=7",
}


# As the worker would see them: free from some quarter of an hour of the next two days on, for three hours a day.
SEEN = """
    UPDATE mentor_free SET seen = mark, free_at = minute.first * interval '1 minute' + 'epoch'::timestamptz, starts = (
        SELECT range_agg(int4range(minute.first + 1440 * day, minute.first + 1440 * day + 180))
        FROM generate_series(0, 14) AS day
    )
    FROM (
        SELECT mentor_id, %s + 15 * (abs(hashint8(mentor_id)) %% 192) AS first FROM mentor_free
    ) AS minute WHERE minute.mentor_id = mentor_free.mentor_id;
"""


@contextmanager
def copy_of(cluster: Cluster, source: str) -> Iterator[str]:
    name = f"test_{uuid4().hex[:12]}"
    cluster.create_database(name, template=source)
    yield name
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def fill(url: str, many: int) -> None:
    add_mentors(url, many)
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute(SEEN, (minute_of(TUESDAY),))
        connection.execute("VACUUM ANALYZE mentor_free")


@contextmanager
def site_on(url: str, instance: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings(environment="test", database_url=url, instance=instance, secret_key="x" * 32))
    app.test_client_class = Browser
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def ten_thousand(cluster, template):
    """A database with them, of which each test has a copy: they take half a minute to write and a second to copy."""
    with copy_of(cluster, template) as name:
        fill(cluster.url(name), 10_000)
        yield name


@pytest.fixture
def with_ten_thousand(cluster, ten_thousand, tmp_path, clock):
    with copy_of(cluster, ten_thousand) as name, site_on(cluster.url(name), tmp_path) as client:
        yield client


@pytest.fixture
def with_ten(cluster, template, tmp_path, clock):
    with copy_of(cluster, template) as name:
        fill(cluster.url(name), 10)
        with site_on(cluster.url(name), tmp_path) as client:
            yield client


def statements_of(client: FlaskClient, path: str) -> list[tuple[str, object]]:
    """What the page asks the database, with its parameters."""
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        seen.append((statement, parameters))

    with client.application.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return seen


def read_whole(plan: dict[str, object]) -> set[str]:
    """The large tables that a plan reads from end to end."""
    inner = plan.get("Plans", [])
    assert isinstance(inner, list)
    here = {str(plan["Relation Name"])} if plan["Node Type"] == "Seq Scan" else set()
    return (here & LARGE).union(*(read_whole(part) for part in inner))


def tables_read_whole(client: FlaskClient, path: str) -> list[str]:
    faults = []
    with client.application.app_context(), db.engine.connect() as connection:
        for statement, parameters in statements_of(client, path):
            explain = f"EXPLAIN (FORMAT JSON) {statement}"
            plan = connection.exec_driver_sql(explain, parameters).scalar_one()[0]["Plan"]  # type: ignore[arg-type]
            faults += [f"{path} reads {table} whole: {statement}" for table in read_whole(plan)]
    return faults


def test_no_page_reads_a_large_table_from_end_to_end(with_ten_thousand):
    faults = [fault for path in PAGES.values() for fault in tables_read_whole(with_ten_thousand, path)]

    assert faults == []


def test_a_plan_that_reads_a_table_from_end_to_end_is_seen(with_ten_thousand):
    """The control: without the indices that search brings, the same look finds a fault."""
    with with_ten_thousand.application.app_context(), db.engine.begin() as connection:
        for index in ("ix_mentor_search_words", "ix_mentor_search_order", "ix_search_word_spelling"):
            connection.exec_driver_sql(f"DROP INDEX {index}")

    assert tables_read_whole(with_ten_thousand, PAGES["a word"]) != []
    assert tables_read_whole(with_ten_thousand, PAGES["a typo"]) != []


def test_ten_thousand_mentors_take_as_many_statements_as_ten(with_ten_thousand, with_ten):
    paths = [
        "/",
        "/search",
        "/search?q=engineers",
        "/search?q=enginers steps",
        "/search?language=en",
        "/search?within=7",
        "/search?sort=time",
    ]

    few = {path: len(statements_of(with_ten, path)) for path in paths}
    many = {path: len(statements_of(with_ten_thousand, path)) for path in paths}

    assert many == few
    assert max(many.values()) <= 16


def test_ten_thousand_mentors_are_more_than_a_list_shows(with_ten_thousand):
    first, last = (found(with_ten_thousand.get(f"/search?page={number}")) for number in (1, MOST_PAGES))

    assert (len(first), len(last)) == (PER_PAGE, PER_PAGE)
    assert 'rel="next"' not in with_ten_thousand.get(f"/search?page={MOST_PAGES}").text
