"""How many holds a second the service makes, against bare inserts of the same rows by pgbench.

Four processes hold slots of many mentors as the site does: locks, the judgement of the slot, the sale, the payment, a
commit each. Rounds alternate; what counts is the median.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import psycopg

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.worker import libpq
from payments.services.buy import Order, buy
from tools.bench.crowd import HERE, ROUNDS, compared, crowd, find_pgbench, pgbench, together, when_all_are_ready
from tools.bench.serving import database

MOST_A_SECOND = 2000
"""More than all processes can hold: so many slots are laid out for them."""
SLOT = tuple[int, int, datetime]
"""Mentor (whose one offering has the same number), mentee, start."""


def measure(seconds: float = 20) -> dict[str, float | str | None]:
    """`seconds` is for all rounds together; a round has whole seconds, as pgbench counts."""
    program, each = find_pgbench(), max(1, round(seconds / (2 * ROUNDS)))
    with database() as url, psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute((HERE / "hold_slots.sql").read_text())
        with crowd(url) as pool:
            hold_round(pool, connection, 1)
            pairs = []
            for _ in range(ROUNDS):
                connection.execute("ANALYZE")  # as autovacuum would: the tables were empty a moment ago
                held = hold_round(pool, connection, each)
                pairs.append((held, raw_round(program, connection, each) if program else None))
    return compared("holds_per_s", "raw_inserts_per_s", pairs)


def hold_round(pool: ProcessPoolExecutor, connection: psycopg.Connection, seconds: int) -> float:
    """Holds a second of all processes together; they take the slots from the end, pgbench from the beginning."""
    statement = """SELECT mentor_id, mentee_id, starts_at FROM bench_slot
        WHERE NOT EXISTS (SELECT FROM booking WHERE booking.mentee_id = bench_slot.mentee_id)
        ORDER BY id DESC LIMIT %s"""
    slots = connection.execute(statement, [seconds * MOST_A_SECOND]).fetchall()
    return together(pool, partial(hold_all, seconds=seconds), slots)


def hold_all(slots: list[SLOT], seconds: int) -> float:
    """Each as a request does: the person is loaded, the sale is made, the session is given back."""
    with when_all_are_ready():
        began, held = perf_counter(), 0
        for mentor_id, mentee_id, start in slots:
            mentee = db.session.get_one(User, mentee_id)
            buy(db.session(), Order(mentee, mentor_id, mentor_id, start), now=utcnow(), settings=settings())
            db.session.commit()
            db.session.remove()
            held += 1
            if perf_counter() - began >= seconds:
                break
        return held / (perf_counter() - began)


def raw_round(program: Path, connection: psycopg.Connection, seconds: int) -> float:
    after = "SELECT coalesce(max(substr(public_id, 5)::bigint), 0) FROM booking WHERE public_id LIKE 'raw-%'"
    (base,) = connection.execute(after).fetchone() or (0,)
    return pgbench(program, "raw_hold.sql", connection.info.dsn, base=base, limit=f"--time={seconds}")


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
