"""What the tests of the stand-in arrange with: a client, the clock, its own API, a listening inbox."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
import stripe

from payments.sandbox.process import SandboxProcess

PATIENCE_SECONDS = 15.0
Json = dict[str, Any]


def client_of(sandbox: SandboxProcess, key: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": sandbox.url}, max_network_retries=0)


@dataclass(frozen=True)
class Time:
    """Moves the stand-in's clock, never the real one."""

    file: Path

    def move(self, **ahead: float) -> None:
        """To hours, minutes and seconds ahead of the real time."""
        seconds = timedelta(**ahead).total_seconds()
        draft = self.file.with_suffix(".draft")
        draft.write_text(str(seconds), encoding="ascii")
        draft.replace(self.file)


@dataclass(frozen=True)
class Control:
    """The stand-in's own API, as one key."""

    url: str
    key: str

    def post(self, path: str, /, **body: object) -> Json:
        return self._answer("POST", path, body)

    def get(self, path: str) -> Json:
        return self._answer("GET", path, None)

    def pay(self, session_id: str, outcome: str = "paid") -> str:
        return str(self.post(f"/_sandbox/sessions/{session_id}/pay", outcome=outcome)["result"])

    def _answer(self, method: str, path: str, body: object) -> Json:
        headers = {"Authorization": f"Bearer {self.key}"}
        response = requests.request(method, self.url + path, json=body, headers=headers, timeout=30)
        assert response.ok, response.text
        answer: Json = response.json()
        return answer


def under(idempotency_key: str) -> stripe.RequestOptions:
    return {"idempotency_key": idempotency_key}


def session_params(**changes: object) -> Any:
    line = {
        "quantity": 1,
        "price_data": {
            "currency": "eur",
            "unit_amount": 8050,
            "product_data": {"name": "Single session with Grace", "description": "60 minutes"},
        },
    }
    return {
        "mode": "payment",
        "line_items": [line],
        "success_url": "http://127.0.0.1:9/return?checkout={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:9/cancelled",
        **changes,
    }


def of_amount(minor: int, currency: str = "eur", quantity: int = 1) -> list[Json]:
    price = {"currency": currency, "unit_amount": minor, "product_data": {"name": "A session"}}
    return [{"quantity": quantity, "price_data": price}]


@dataclass
class Inbox:
    """What came to the listening endpoint; `answers` are the next statuses, 200 afterwards."""

    url: str
    answers: list[int] = field(default_factory=list)
    received: list[tuple[bytes, str]] = field(default_factory=list)

    def wait_for(self, number: int) -> list[tuple[bytes, str]]:
        wait_until(lambda: len(self.received) >= number, f"{number} webhooks, got {len(self.received)}")
        return self.received


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        threading.Event().wait(0.02)
