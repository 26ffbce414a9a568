"""Real parts for every test: a PostgreSQL database of its own, a clock that moves, an application over both."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy.orm import Session

from marketplace.app import create_app
from marketplace.core import embedded_postgres
from marketplace.core.clock import CLOCK
from marketplace.core.config import ROOT, Settings
from marketplace.core.db import db
from marketplace.core.embedded_postgres import Cluster
from payments.sandbox.process import SandboxProcess, start_sandbox
from tests.databases import SOURCE, Databases, make_emptiable
from tests.quick_apps import make_applications_quick
from tests.stripe_side import StripeSide
from tests.web import Browser

pytest_plugins = ["tests.chromium", "tests.smtp"]
TUESDAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""When a test begins unless it says otherwise: a Tuesday morning in winter, no clock change near."""
SECRET_KEY = "a secret of the tests, long enough"
PG_DATA = ROOT / "instance" / "pg-test"


def pytest_configure(config: pytest.Config) -> None:
    """Runs at the same time share one server; the last to end stops it. The lock is released by a crash too."""
    make_applications_quick()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    PG_DATA.parent.mkdir(exist_ok=True)
    users = (PG_DATA.parent / "pg-test.users").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    config.stash[USERS] = users


SLOW_FOLDERS = tuple(
    ROOT / "tests" / part
    for part in (
        "access",
        "operator",
        "booking/readers",
        "booking/test_outside_readers.py",
        "payments/sandbox",
        "doctor",
        "demo",
        "races",
        "desk",
        "pages/test_every_word.py",
        *(
            f"mentorships/test_{name}.py"
            for name in ("carrying", "fit", "for_the_bank", "mentors_own", "reviews", "silence", "waiting")
        ),
        *(
            f"payments/test_{name}.py"
            for name in ("discounts", "exchange", "exchanged_later", "returns", "returns_refused")
        ),
        *(
            f"search/test_{name}.py"
            for name in ("by_time", "filters", "order", "plans", "rows", "services", "suggestions", "time")
        ),
    )
)
"""Around the application, or at full size: `make check` leaves them to `make test` and stays within five minutes."""


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in SLOW_FOLDERS):
            item.add_marker(pytest.mark.slow)


WITH_PROCESSES = tuple(
    ROOT / "tests" / part for part in ("browser", "demo", "doctor", "histories", "races", "search/test_plans.py")
)
"""Where more than the test writes into its database, or what is read depends on its files: each has a new one."""
USERS: pytest.StashKey[TextIO] = pytest.StashKey()


def pytest_unconfigure(config: pytest.Config) -> None:
    users = config.stash.get(USERS, None)
    if users is None:
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if PG_DATA.exists() or os.geteuid() == 0:
        embedded_postgres.start(PG_DATA, durable=False).stop()


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    return embedded_postgres.start(PG_DATA, durable=False)


@pytest.fixture(scope="session")
def template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database to copy from, made once for each state of the migrations."""
    source = SOURCE.join(path.read_bytes() for path in sorted((ROOT / "migrations").rglob("*.py")))
    name = f"template_{hashlib.sha256(source).hexdigest()[:12]}"
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7201)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            draft = f"draft_{uuid4().hex[:12]}"
            cluster.create_database(draft)
            migrate(cluster.url(draft), tmp_path_factory.mktemp("migrating"))
            make_emptiable(cluster.dsn(draft))
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (draft, name))))
    return name


def migrate(url: str, instance: Path) -> None:
    app = create_app(Settings(environment="test", secret_key="x" * 32, database_url=url, instance=instance))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def databases(cluster: Cluster, template: str) -> Iterator[Databases]:
    made = Databases(cluster, template)
    yield made
    made.drop_all()


@pytest.fixture
def database_url(cluster: Cluster, databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    new = any(request.path.is_relative_to(folder) for folder in WITH_PROCESSES)
    with databases.one(new=new) as name:
        yield cluster.url(name)


class MovableClock:
    """Moves what `utcnow()` and the Stripe stand-in of this worker call now."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def set(self, at: datetime) -> None:
        CLOCK.follow(self.file)
        CLOCK.move_to(at - datetime.now(UTC))

    def advance(self, by: timedelta) -> None:
        CLOCK.move_to(CLOCK.offset() + by)

    def now(self) -> datetime:
        return datetime.now(UTC) + CLOCK.offset()


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clock") / "offset"


@pytest.fixture
def clock(clock_file: Path) -> Iterator[MovableClock]:
    moved = MovableClock(clock_file)
    moved.set(TUESDAY)
    yield moved
    clock_file.unlink(missing_ok=True)
    CLOCK.follow(None)


@pytest.fixture(scope="session")
def sandbox(clock_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """The stand-in for Stripe, one process a worker: each test has a key, and so an account, of its own."""
    process = start_sandbox(tmp_path_factory.mktemp("stripe") / "stripe.sqlite", clock_file)
    yield process
    process.stop()


@pytest.fixture
def settings(database_url: str, clock: MovableClock, sandbox: SandboxProcess, tmp_path: Path) -> Settings:
    return Settings(
        environment="test",
        secret_key=SECRET_KEY,
        database_url=database_url,
        instance=tmp_path,
        clock_offset_file=clock.file,
        stripe_secret_key=f"sk_test_{uuid4().hex}",
        stripe_webhook_secret=f"whsec_{uuid4().hex}",
        stripe_api_base=sandbox.url,
        meeting_url="https://meet.example.org/office-hours",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """In an application context of its own, so that `db.session` is at hand."""
    app = create_app(settings)
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def stripe_side(settings: Settings) -> StripeSide:
    """What happens at Stripe: mentees pay there, and events come from there."""
    return StripeSide(settings)
