"""What becomes of the next payments and refunds of a key: kept with the books, so that work undone uses none up."""

import json
from enum import StrEnum
from typing import Any

from payments.sandbox.store import Body, Tx


class About(StrEnum):
    BOOKING = "booking"  # {"reads": n} or {"seconds": n}: the charge's balance transaction comes late
    EXCHANGE = "exchange"  # {"currency": code, "rate": per unit}: the charge is settled in another currency
    EXCHANGE_BACK = "exchange_back"  # {"rate": per unit}: what is booked of such a charge later
    REFUND = "refund"  # {"outcome": "pending" | "insufficient_funds" | "failed"}


def arm(tx: Tx, account: str, about: About, outcome: Body, times: int) -> None:
    """The next `times` of that kind meet it, in the order of arming."""
    for _ in range(times):
        tx.db.execute(
            "INSERT INTO plans (account, about, outcome) VALUES (?, ?, ?)", (account, about, json.dumps(outcome))
        )


def take(tx: Tx, account: str, about: About) -> Body | None:
    """The oldest plan, used up."""
    row = tx.db.execute(
        "DELETE FROM plans WHERE seq = (SELECT min(seq) FROM plans WHERE account = ? AND about = ?) RETURNING outcome",
        (account, about),
    ).fetchone()
    return json.loads(row["outcome"]) if row else None


def armed(tx: Tx, account: str) -> list[dict[str, Any]]:
    rows = tx.db.execute("SELECT about, outcome FROM plans WHERE account = ? ORDER BY seq", (account,))
    return [{"about": row["about"], **json.loads(row["outcome"])} for row in rows]


def forget(tx: Tx, account: str) -> None:
    tx.db.execute("DELETE FROM plans WHERE account = ?", (account,))
