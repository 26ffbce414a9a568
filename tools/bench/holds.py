"""How many holds a second the service makes, against bare inserts of the same rows by pgbench.

Four processes hold slots of many mentors as the site does (locks, the judgement of the slot, the sale, the payment, a
commit each); pgbench writes the same rows with eight clients and computes nothing. Both meet the same constraints and
triggers, on one PostgreSQL that forgets everything in a power cut. Rounds alternate; what counts is the median.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Barrier
from time import perf_counter

import psycopg
from flask import Flask

from marketplace.accounts.models import User
from marketplace.app import create_app
from marketplace.core.clock import utcnow
from marketplace.core.config import ROOT, Settings
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.postgres_home import place_for
from marketplace.core.worker import libpq
from payments.services.buy import Order, buy
from tools.bench.serving import database, environment

PROCESSES, CLIENTS, ROUNDS = 4, 8, 5
MOST_A_SECOND = 2000
"""More than all processes can hold: so many slots are laid out for them."""
HERE = Path(__file__).parent
SLOT = tuple[int, int, datetime]
"""Mentor (whose one offering has the same number), mentee, start."""

_app: Flask
_all_ready: Barrier


def measure(seconds: float = 20) -> dict[str, float | str | None]:
    """`seconds` is for all rounds together; a round has whole seconds, as pgbench counts. Rates are medians.

    Without pgbench there is nothing to compare with: then `ratio` is None and `why` says so.
    """
    pgbench, each = find_pgbench(), max(1, round(seconds / (2 * ROUNDS)))
    with database() as url, psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute((HERE / "hold_slots.sql").read_text())
        with holders(url) as pool:
            hold_round(pool, connection, 1)
            pairs = []
            for _ in range(ROUNDS):
                connection.execute("ANALYZE")  # as autovacuum would: the tables were empty a moment ago
                held = hold_round(pool, connection, each)
                pairs.append((held, raw_round(pgbench, connection, each) if pgbench else None))
    holds = median(held for held, _ in pairs)
    raws = [raw for _, raw in pairs if raw is not None]
    if not raws:
        return {"ratio": None, "holds_per_s": holds, "raw_inserts_per_s": None, "why": "There is no pgbench here."}
    return {"ratio": holds / median(raws), "holds_per_s": holds, "raw_inserts_per_s": median(raws)}


@contextmanager
def holders(url: str) -> Iterator[ProcessPoolExecutor]:
    """Processes with an application each, as different machines would be."""
    spawning = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as instance:
        given = (environment(url, instance), spawning.Barrier(PROCESSES))
        with ProcessPoolExecutor(PROCESSES, spawning, initializer=prepare, initargs=given) as pool:
            yield pool


def prepare(environ: dict[str, str], all_ready: Barrier) -> None:
    global _app, _all_ready
    _app, _all_ready = create_app(Settings.from_env(environ)), all_ready


def hold_round(pool: ProcessPoolExecutor, connection: psycopg.Connection, seconds: int) -> float:
    """Holds a second of all processes together; they take the slots from the end, pgbench from the beginning."""
    statement = """SELECT mentor_id, mentee_id, starts_at FROM bench_slot
        WHERE NOT EXISTS (SELECT FROM booking WHERE booking.mentee_id = bench_slot.mentee_id)
        ORDER BY id DESC LIMIT %s"""
    slots = connection.execute(statement, [seconds * MOST_A_SECOND]).fetchall()
    return sum(pool.map(hold_all, (slots[number::PROCESSES] for number in range(PROCESSES)), [seconds] * PROCESSES))


def hold_all(slots: list[SLOT], seconds: int) -> float:
    """Each as a request does: the person is loaded, the sale is made, the session is given back."""
    _all_ready.wait(timeout=60)
    began, held = perf_counter(), 0
    with _app.app_context():
        for mentor_id, mentee_id, start in slots:
            mentee = db.session.get_one(User, mentee_id)
            buy(db.session(), Order(mentee, mentor_id, mentor_id, start), now=utcnow(), settings=settings())
            db.session.commit()
            db.session.remove()
            held += 1
            if perf_counter() - began >= seconds:
                break
    return held / (perf_counter() - began)


def raw_round(pgbench: Path, connection: psycopg.Connection, seconds: int) -> float:
    """Transactions a second that pgbench reports, without the time that connecting takes."""
    after = "SELECT coalesce(max(substr(public_id, 5)::bigint), 0) FROM booking WHERE public_id LIKE 'raw-%'"
    (base,) = connection.execute(after).fetchone() or (0,)
    command = [str(pgbench), "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2"]
    command += [f"--time={seconds}", f"--file={HERE / 'raw_hold.sql'}", f"--define=base={base}"]
    command += [f"--define=clients={CLIENTS}", "--define=n=0", connection.info.dsn]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench failed: {done.stderr.strip() or done.stdout.strip()}")
    return float(found.group(1))


def find_pgbench() -> Path | None:
    """The one that belongs to the embedded PostgreSQL, else the newest that the system has."""
    own = place_for(ROOT / "instance" / "pg-bench").binaries / "pgbench"
    if own.exists():
        return own
    installed = Path("/usr/lib/postgresql").glob("*/bin/pgbench")
    return max(installed, key=lambda path: int(path.parts[-3]), default=None)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
