"""Telling the endpoints: signed, tried again for three days by the movable clock (https://docs.stripe.com/webhooks)."""

import hashlib
import hmac
import json
import logging
import sqlite3
import threading
from collections import defaultdict
from typing import Any

import requests

from payments.sandbox.account_objects import epoch
from payments.sandbox.faults import WebhookMode, Webhooks
from payments.sandbox.parts import Parts
from payments.sandbox.passing import catch_up
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body

_log = logging.getLogger(__name__)
_RETRY_MINUTES = (1, 5, 30, 120, 360, 720, 1440)
_GIVEN_UP_AFTER_SECONDS = 3 * 24 * 60 * 60
_TIMEOUT_SECONDS = 10.0
_POLL_SECONDS = 0.1
_ALL = """SELECT d.*, e.body AS event, w.body AS endpoint FROM deliveries d
    JOIN objects e ON e.id = d.event_id JOIN objects w ON w.id = d.endpoint_id """
_WAITING = _ALL + "WHERE d.state = 'pending' "

_DELIVERIES = """SELECT d.seq AS number, d.event_id AS event, json_extract(e.body, '$.type') AS type,
    d.endpoint_id AS endpoint, d.state, d.attempts, d.due_at, d.last_status, d.last_error
    FROM deliveries d JOIN objects e ON e.id = d.event_id WHERE d.account = ? ORDER BY d.seq"""


def signature(payload: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header: scheme v1, HMAC-SHA256 over `timestamp.payload`."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp + payload, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def due(parts: Parts) -> list[sqlite3.Row]:
    """Deliveries whose time has come, the oldest first."""
    with parts.store.reading() as tx:
        now = parts.clock.now()
        return tx.db.execute(_WAITING + "AND d.due_at <= ? ORDER BY d.seq LIMIT 1000", (now,)).fetchall()


def held(parts: Parts, account: str) -> list[sqlite3.Row]:
    """Everything that an account's endpoints have not been told yet, due or not."""
    with parts.store.reading() as tx:
        return tx.db.execute(_WAITING + "AND d.account = ? ORDER BY d.seq", (account,)).fetchall()


def deliveries_of(parts: Parts, account: str) -> list[dict[str, Any]]:
    """Every delivery of the account's events, told or not, the oldest first."""
    with parts.store.reading() as tx:
        return [dict(row) for row in tx.db.execute(_DELIVERIES, (account,))]


def delivery_of(parts: Parts, account: str, number: int) -> sqlite3.Row | None:
    """Told before or not; none if its endpoint was deleted."""
    with parts.store.reading() as tx:
        row: sqlite3.Row | None = tx.db.execute(
            _ALL + "WHERE d.account = ? AND d.seq = ?", (account, number)
        ).fetchone()
    return row


def deliver(parts: Parts, delivery: sqlite3.Row, *, dropped: bool = False) -> Body:
    """One attempt, written down; `dropped` counts it as delivered without sending anything."""
    status, error = (200, "dropped") if dropped else _post(delivery, int(parts.clock.now()))
    attempts = delivery["attempts"] + 1
    now = parts.clock.now()
    state, due_at = "delivered", delivery["due_at"]
    if not 200 <= (status or 0) < 300:
        state, due_at = _after_failure(attempts, now, _made_at(json.loads(delivery["event"])))
    with parts.store.writing() as tx:
        tx.db.execute(
            "UPDATE deliveries SET state = ?, attempts = attempts + 1, due_at = ?, last_status = ?, last_error = ? "
            "WHERE seq = ?",
            (state, due_at, status, error, delivery["seq"]),
        )
    return {"event": delivery["event_id"], "endpoint": delivery["endpoint_id"], "status": status, "error": error}


def _post(delivery: sqlite3.Row, timestamp: int) -> tuple[int | None, str | None]:
    """The status, or what kept it from coming. Redirects are not followed: to Stripe they are failures."""
    endpoint = json.loads(delivery["endpoint"])
    payload = json.dumps(public(json.loads(delivery["event"])), indent=2).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature(payload, endpoint["_secret"], timestamp),
    }
    with requests.Session() as http:
        http.trust_env = False
        try:
            sent = http.post(
                address_of(endpoint), data=payload, headers=headers, timeout=_TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as failed:
            return None, type(failed).__name__
    return sent.status_code, None


def address_of(listener: Body) -> str:
    """Of an endpoint, or of a destination of thin events."""
    return str(listener["url"] if listener["object"] == "webhook_endpoint" else listener["_url"])


def _made_at(event: Body) -> int:
    return int(event["created"]) if event["object"] == "event" else epoch(event["created"])


def _after_failure(attempts: int, now: float, created: int) -> tuple[str, float]:
    minutes = _RETRY_MINUTES[min(attempts, len(_RETRY_MINUTES)) - 1]
    due_at = now + minutes * 60
    return ("pending" if due_at <= created + _GIVEN_UP_AFTER_SECONDS else "failed"), due_at


class Courier:
    """The background thread: ends overdue sessions and delivers, each endpoint in order, endpoints side by side."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopped = threading.Event()
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_POLL_SECONDS):
            try:
                catch_up(self._parts)
                self._round()
            except Exception:  # a busy disk or a half-written clock file: the next round comes at once
                _log.exception("A round of deliveries failed")

    def _round(self) -> None:
        queues: dict[str, list[sqlite3.Row]] = defaultdict(list)
        with self._lock:  # before reading: what an attempt that ends meanwhile changes would not be seen
            busy = set(self._busy)
        for delivery in due(self._parts):
            if delivery["endpoint_id"] in busy:
                continue
            webhooks = self._parts.faults.webhooks(delivery["account"])
            if webhooks.mode is WebhookMode.HOLD or self._is_early(delivery, webhooks):
                continue
            queue = queues[delivery["endpoint_id"]]
            queue.insert(0 if webhooks.mode is WebhookMode.REVERSE else len(queue), delivery)
        for endpoint_id, queue in queues.items():
            with self._lock:
                self._busy.add(endpoint_id)
            threading.Thread(target=self._tell, args=(endpoint_id, queue), daemon=True).start()

    def _is_early(self, delivery: sqlite3.Row, webhooks: Webhooks) -> bool:
        if delivery["attempts"]:
            return False
        return float(delivery["due_at"]) + webhooks.delay_seconds > self._parts.clock.now()

    def _tell(self, endpoint_id: str, queue: list[sqlite3.Row]) -> None:
        try:
            for delivery in queue:
                webhooks = self._parts.faults.webhooks(delivery["account"])
                if webhooks.mode is WebhookMode.HOLD:
                    return
                for _ in range(webhooks.repeat):
                    deliver(self._parts, delivery, dropped=webhooks.mode is WebhookMode.DROP)
        finally:
            with self._lock:
                self._busy.discard(endpoint_id)
