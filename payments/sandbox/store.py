"""Everything the stand-in knows, in one SQLite file; SQLite's one writer at a time decides every race."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Body = dict[str, Any]
Condition = tuple[str, tuple[Any, ...]]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_of_account ON objects(account, kind, seq);
CREATE INDEX IF NOT EXISTS open_sessions ON objects(json_extract(body, '$.expires_at'))
    WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open';
CREATE INDEX IF NOT EXISTS payouts_on_their_way ON objects(json_extract(body, '$.arrival_date'))
    WHERE kind = 'payout' AND json_extract(body, '$.status') = 'in_transit';
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')), attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, last_status INTEGER, last_error TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries(state, due_at);
CREATE INDEX IF NOT EXISTS deliveries_of_event ON deliveries(event_id);
CREATE TABLE IF NOT EXISTS idempotency (
    account TEXT NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, request_id TEXT NOT NULL, created REAL NOT NULL, PRIMARY KEY (account, key));
CREATE INDEX IF NOT EXISTS idempotency_age ON idempotency(created);
CREATE TABLE IF NOT EXISTS plans (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, about TEXT NOT NULL, outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS late_bookings (
    charge_id TEXT PRIMARY KEY, account TEXT NOT NULL, due_at REAL, reads_left INTEGER);
"""
_OVERDUE = """SELECT account, body FROM objects WHERE kind = 'checkout.session'
    AND json_extract(body, '$.status') = 'open' AND json_extract(body, '$.expires_at') <= ?"""
_ARRIVED = """SELECT account, body FROM objects WHERE kind = 'payout'
    AND json_extract(body, '$.status') = 'in_transit' AND json_extract(body, '$.arrival_date') <= ?"""


def equals(path: str, value: str | int) -> Condition:
    """Objects whose field at the JSON path (without the leading `$.`) has this value."""
    return "json_extract(body, ?) = ?", (f"$.{path}", value)


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction."""

    db: sqlite3.Connection

    def add(self, account: str, body: Body) -> Body:
        self.db.execute(
            "INSERT INTO objects (id, account, kind, created, body) VALUES (?, ?, ?, ?, ?)",
            (body["id"], account, body["object"], body["created"], json.dumps(body)),
        )
        return body

    def save(self, body: Body) -> Body:
        self.db.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def remove(self, object_id: str) -> None:
        self.db.execute("DELETE FROM objects WHERE id = ?", (object_id,))

    def find(self, account: str, kind: str, object_id: str) -> Body | None:
        found = self.row(object_id)
        return found[1] if found and found[0] == account and found[1]["object"] == kind else None

    def row(self, object_id: str) -> tuple[str, Body] | None:
        """An object and the account that owns it, whosever it is."""
        found = self.db.execute("SELECT account, body FROM objects WHERE id = ?", (object_id,)).fetchone()
        return (found["account"], json.loads(found["body"])) if found else None

    def overdue_sessions(self, now: float) -> list[tuple[str, Body]]:
        return [(row["account"], json.loads(row["body"])) for row in self.db.execute(_OVERDUE, (now,))]

    def arrived_payouts(self, now: float) -> list[tuple[str, Body]]:
        """On their way until now, or longer than they should have been."""
        return [(row["account"], json.loads(row["body"])) for row in self.db.execute(_ARRIVED, (now,))]

    def position(self, account: str, kind: str, object_id: str) -> int | None:
        found = self.db.execute(
            "SELECT seq FROM objects WHERE id = ? AND account = ? AND kind = ?", (object_id, account, kind)
        ).fetchone()
        return int(found["seq"]) if found else None

    def page(
        self, account: str, kind: str, where: Sequence[Condition] = (), *, oldest_first: bool = False, limit: int = -1
    ) -> list[Body]:
        conditions = [("account = ?", (account,)), ("kind = ?", (kind,)), *where]
        filters = " AND ".join(condition for condition, _ in conditions)
        values = [value for _, given in conditions for value in given]
        order = "ASC" if oldest_first else "DESC"
        sql = f"SELECT body FROM objects WHERE {filters} ORDER BY seq {order} LIMIT ?"  # noqa: S608 - own conditions only
        return [json.loads(row["body"]) for row in self.db.execute(sql, (*values, limit))]


class Store:
    """The file; a connection a transaction, so that threads share nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        # Stays open: when its last connection closes, SQLite folds the log into the file and waits for the disk.
        self._kept = self._connect()
        self._kept.execute("PRAGMA journal_mode = WAL")
        self._kept.executescript(_SCHEMA)

    def close(self) -> None:
        self._kept.close()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = NORMAL")
        return db

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A consistent snapshot."""
        with closing(self._connect()) as db:
            db.execute("BEGIN")
            yield Tx(db)

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        """The only writer until the block ends; commits, or rolls back when it raises."""
        with closing(self._connect()) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield Tx(db)
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
