"""One whole site for all browser tests of a run: served, with a worker and a stand-in for Stripe of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from marketplace.core.embedded_postgres import Cluster
from tests.browser.watching import Watch
from tools.shots.cast import Cast
from tools.shots.stage import Stage, staged

Open = Callable[..., Page]


@contextmanager
def database_of_a_stage(cluster: Cluster, template: str) -> Iterator[str]:
    name = f"stage_{uuid4().hex[:12]}"
    cluster.create_database(name, template=template)
    yield cluster.url(name)
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def stage_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The database behind it."""
    with database_of_a_stage(cluster, template) as url:
        yield url


@pytest.fixture(scope="session")
def stage(stage_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Its time only ever moves on, by minutes, and every test brings mentors and mentees of its own.

    Others count on its first week. Where whole days pass there is another one: `tests/browser/days`.
    """
    with staged(tmp_path_factory.mktemp("stage"), stage_url) as running:
        yield running


@pytest.fixture
def rows(stage: Stage, stage_url: str) -> Iterator[Session]:
    """To put people into the database; commit them before they are looked for."""
    engine = create_engine(stage_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def cast(chromium: Browser, stage: Stage, watch: Watch) -> Iterator[Cast]:
    """Whatever a page complains of fails the test."""
    yield Cast(chromium, stage, watch.follow)
    assert watch.complaints == []
