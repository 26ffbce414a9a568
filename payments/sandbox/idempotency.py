"""Idempotency keys (https://docs.stripe.com/api/idempotent_requests): the first answer is every later one's."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from payments.sandbox.errors import ApiError
from payments.sandbox.store import Tx

KEPT_SECONDS = 24 * 60 * 60
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `original` is the id of the request whose stored answer this is."""

    status: int
    body: str
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST under a key."""

    account: str
    key: str
    path: str
    fingerprint: str


def fingerprint(fields: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(sorted(fields)).encode()).hexdigest()


def replay(tx: Tx, attempt: Attempt, now: float) -> Answer | None:
    """The stored answer, if the key was used for the same. Raises `idempotency_error` if for something else."""
    tx.db.execute("DELETE FROM idempotency WHERE created < ?", (now - KEPT_SECONDS,))
    row = tx.db.execute(
        "SELECT * FROM idempotency WHERE account = ? AND key = ?", (attempt.account, attempt.key)
    ).fetchone()
    if row is None:
        return None
    other = f"Try using a key other than '{attempt.key}' if you meant to execute a different request."
    if row["path"] != attempt.path:
        wrong = "Keys for idempotent requests can only be used for the same endpoint they were first used for"
        raise ApiError(f"{wrong} ('{attempt.path}' vs '{row['path']}'). {other}", kind="idempotency_error")
    if row["fingerprint"] != attempt.fingerprint:
        wrong = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        raise ApiError(f"{wrong} {other}", kind="idempotency_error")
    return Answer(row["status"], row["body"], original=row["request_id"])


def store(tx: Tx, attempt: Attempt, answer: Answer, request_id: str, now: float) -> None:
    tx.db.execute(
        "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            attempt.account,
            attempt.key,
            attempt.path,
            attempt.fingerprint,
            answer.status,
            answer.body,
            request_id,
            now,
        ),
    )


class InFlight:
    """The keys whose first request is still being answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str]] = set()

    @contextmanager
    def reserve(self, account: str, key: str) -> Iterator[None]:
        """Raises 409 while another request has the key, and 400 for a key that is too long."""
        if len(key) > _LONGEST:
            raise ApiError(f"The idempotency key may have {_LONGEST} characters at most.", kind="idempotency_error")
        with self._lock:
            if (account, key) in self._keys:
                raise ApiError(
                    "There is currently another in-progress request using this Idempotent Key (that probably means you "
                    f"submitted twice, and the other request is still going through): {key}.",
                    status=409,
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                )
            self._keys.add((account, key))
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard((account, key))
