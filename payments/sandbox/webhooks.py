"""Telling the endpoints: signed, tried again for three days by the movable clock (https://docs.stripe.com/webhooks)."""

import hashlib
import hmac
import json
import logging
import sqlite3
import threading
from collections import defaultdict

import requests

from payments.sandbox.checkout import expire_overdue
from payments.sandbox.faults import WebhookMode
from payments.sandbox.parts import Parts
from payments.sandbox.store import Body

_log = logging.getLogger(__name__)
_RETRY_MINUTES = (1, 5, 30, 120, 360, 720, 1440)
_GIVEN_UP_AFTER_SECONDS = 3 * 24 * 60 * 60
_TIMEOUT_SECONDS = 10.0
_POLL_SECONDS = 0.1
_WAITING = """SELECT d.*, e.body AS event, w.body AS endpoint FROM deliveries d
    JOIN objects e ON e.id = d.event_id JOIN objects w ON w.id = d.endpoint_id WHERE d.state = 'pending' """


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


def deliver(parts: Parts, delivery: sqlite3.Row, *, dropped: bool = False) -> Body:
    """One attempt, written down; `dropped` counts it as delivered without sending anything."""
    status, error = (200, "dropped") if dropped else _post(delivery, int(parts.clock.now()))
    attempts = delivery["attempts"] + 1
    now = parts.clock.now()
    state, due_at = "delivered", delivery["due_at"]
    if not 200 <= (status or 0) < 300:
        state, due_at = _after_failure(attempts, now, json.loads(delivery["event"])["created"])
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
    payload = json.dumps(json.loads(delivery["event"]), indent=2).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature(payload, endpoint["_secret"], timestamp),
    }
    with requests.Session() as http:
        http.trust_env = False
        try:
            sent = http.post(
                endpoint["url"], data=payload, headers=headers, timeout=_TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as failed:
            return None, type(failed).__name__
    return sent.status_code, None


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
                expire_overdue(self._parts.store, self._parts.clock.now())
                self._round()
            except Exception:  # a busy disk or a half-written clock file: the next round comes at once
                _log.exception("A round of deliveries failed")

    def _round(self) -> None:
        queues: dict[str, list[sqlite3.Row]] = defaultdict(list)
        for delivery in due(self._parts):
            if self._parts.faults.webhook_mode(delivery["account"]) is not WebhookMode.HOLD:
                queues[delivery["endpoint_id"]].append(delivery)
        for endpoint_id, queue in queues.items():
            with self._lock:
                if endpoint_id in self._busy:
                    continue
                self._busy.add(endpoint_id)
            threading.Thread(target=self._tell, args=(endpoint_id, queue), daemon=True).start()

    def _tell(self, endpoint_id: str, queue: list[sqlite3.Row]) -> None:
        try:
            for delivery in queue:
                mode = self._parts.faults.webhook_mode(delivery["account"])
                if mode is WebhookMode.HOLD:
                    return
                deliver(self._parts, delivery, dropped=mode is WebhookMode.DROP)
        finally:
            with self._lock:
                self._busy.discard(endpoint_id)
