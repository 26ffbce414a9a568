"""Balance transactions of charges: at once, or late when that was asked for (Stripe: `charge.updated` tells of it)."""

from payments.sandbox import events
from payments.sandbox.call import Origin
from payments.sandbox.money_objects import balance_transaction, processing_fee
from payments.sandbox.plans import About, take
from payments.sandbox.store import Body, Store, Tx


def book_charge(tx: Tx, origin: Origin, charged: Body) -> Body:
    """Before the charge is told of: with its balance transaction, or null and a note of when it comes."""
    late = take(tx, origin.account, About.BOOKING)
    if late is None:
        return _booked(tx, origin, charged)
    due_at = origin.now + late["seconds"] if "seconds" in late else None
    tx.db.execute(
        "INSERT INTO late_bookings (charge_id, account, due_at, reads_left) VALUES (?, ?, ?, ?)",
        (charged["id"], origin.account, due_at, late.get("reads")),
    )
    return charged


def _booked(tx: Tx, origin: Origin, charged: Body) -> Body:
    exchange = take(tx, origin.account, About.EXCHANGE) or {"currency": charged["currency"], "rate": None}
    amount = round(charged["amount"] * (exchange["rate"] or 1))
    settled = charged | {"currency": exchange["currency"]}
    made = balance_transaction(settled, amount, processing_fee(amount), origin.now)
    booked = tx.add(origin.account, made | {"exchange_rate": exchange["rate"]})
    return charged | {"balance_transaction": booked["id"]}


def booked_later(tx: Tx, origin: Origin, source: Body, amount: int, *, fee: int = 0, kind: str | None = None) -> Body:
    """What moves of a charge after it was booked (`source` names it), in the currency that it is settled in: exchanged
    at the rate of that day, which is the charge's unless a plan has another one."""
    charged = tx.row(source["charge"])
    row = tx.row(charged[1]["balance_transaction"]) if charged and charged[1]["balance_transaction"] else None
    if row is None or row[1]["exchange_rate"] is None:
        return tx.add(origin.account, balance_transaction(source, amount, fee, origin.now, kind))
    rate = (take(tx, origin.account, About.EXCHANGE_BACK) or {"rate": row[1]["exchange_rate"]})["rate"]
    settled = source | {"currency": row[1]["currency"]}
    made = balance_transaction(settled, round(amount * rate), fee, origin.now, kind)
    return tx.add(origin.account, made | {"exchange_rate": rate})


def count_reads(store: Store, account: str, answer: str, now: int) -> None:
    """Every answer that shows a charge is one read of it, however it was asked for."""
    with store.reading() as tx:
        waiting = tx.db.execute(
            "SELECT charge_id FROM late_bookings WHERE account = ? AND reads_left IS NOT NULL", (account,)
        ).fetchall()
    shown = [row["charge_id"] for row in waiting if f'"id": "{row["charge_id"]}"' in answer]
    if not shown:
        return
    with store.writing() as tx:
        for charge_id in shown:
            tx.db.execute("UPDATE late_bookings SET reads_left = reads_left - 1 WHERE charge_id = ?", (charge_id,))
        _book_all(tx, "reads_left <= 0", (), now)


def book_overdue(store: Store, now: float) -> None:
    """Those whose time has come; the writer's lock is taken only if there is one."""
    with store.reading() as tx:
        if not tx.db.execute("SELECT 1 FROM late_bookings WHERE due_at <= ?", (now,)).fetchone():
            return
    with store.writing() as tx:
        _book_all(tx, "due_at <= ?", (now,), int(now))


def _book_all(tx: Tx, condition: str, values: tuple[float, ...], now: int) -> None:
    gone = tx.db.execute(f"DELETE FROM late_bookings WHERE {condition} RETURNING charge_id", values)  # noqa: S608 - own conditions
    for charge_id in [row["charge_id"] for row in gone.fetchall()]:
        row = tx.row(charge_id)
        if row is not None:
            origin = Origin(row[0], now)
            charged = tx.save(_booked(tx, origin, row[1]))
            events.record(tx, origin, "charge.updated", charged, {"balance_transaction": None})
