"""How many confirmations a second the service makes, against bare writes of the same rows by pgbench.

Four processes apply paid checkouts to held sessions as the worker does: locks, what to do about the state, the books,
the letters with their jobs, a commit each. All holds are there before the clock starts. Rounds alternate; what counts
is the median.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import psycopg

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.worker import libpq
from payments.domain.checkout import CheckoutState, Step
from payments.services.apply_checkout import apply_checkout
from tools.bench.crowd import (
    CLIENTS,
    HERE,
    PROCESSES,
    ROUNDS,
    compared,
    crowd,
    find_pgbench,
    pgbench,
    together,
    when_all_are_ready,
)
from tools.bench.serving import database

SALE = tuple[int, str]
"""A payment, and its session at Stripe."""


def measure(each: int = 30) -> dict[str, float | str | None]:
    """`each` is how many confirmations a process makes in a round; a client of pgbench makes four times as many."""
    program, ours, raw = find_pgbench(), each * PROCESSES, 4 * each * CLIENTS
    with database() as url, psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute((HERE / "hold_slots.sql").read_text())
        lay_out(connection, (ROUNDS + 1) * ours + ROUNDS * raw)
        with crowd(url) as pool:
            together(pool, confirm_all, sales(connection, ours))
            pairs = []
            for number in range(ROUNDS):
                done = together(pool, confirm_all, sales(connection, ours))
                pairs.append((done, raw_round(program, connection, number * raw, 4 * each) if program else None))
    return compared("confirmations_per_s", "raw_writes_per_s", pairs)


def lay_out(connection: psycopg.Connection, many: int) -> None:
    """So many held sessions, each with its sale and an open checkout, in `bench_sale`."""
    connection.execute("SELECT set_config('bench.sales', %s, false)", [str(many)])
    connection.execute((HERE / "confirm_sales.sql").read_text())


def sales(connection: psycopg.Connection, many: int) -> list[SALE]:
    """Not paid yet; taken from the end, pgbench begins at the other."""
    statement = """SELECT payment.id, payment.stripe_session_id FROM bench_sale
        JOIN payment ON payment.id = bench_sale.payment_id
        WHERE payment.status = 'open' ORDER BY bench_sale.id DESC LIMIT %s"""
    return connection.execute(statement, [many]).fetchall()


def confirm_all(mine: list[SALE]) -> float:
    with when_all_are_ready():
        began = perf_counter()
        for payment_id, stripe_session in mine:
            step = apply_checkout(
                db.session(), payment_id, paid(stripe_session), fetch=1, now=utcnow(), settings=settings()
            )
            if step is not Step.CONFIRM:
                raise RuntimeError(f"payment {payment_id}: {step}")
            db.session.commit()
            db.session.remove()
        return len(mine) / (perf_counter() - began)


def paid(stripe_session: str) -> CheckoutState:
    return CheckoutState(
        id=stripe_session,
        status="complete",
        payment_status="paid",
        amount_total=8050,
        amount_discount=0,
        amount_tax=0,
        currency="EUR",
        expires_at=utcnow() + timedelta(minutes=35),
        payment_intent=stripe_session.replace("cs_", "pi_"),
    )


def raw_round(program: Path, connection: psycopg.Connection, base: int, transactions: int) -> float:
    return pgbench(program, "raw_confirm.sql", connection.info.dsn, base=base, limit=f"--transactions={transactions}")


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
