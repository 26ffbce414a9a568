"""The other side of the wire in a test: pay at the stand-in, and carry its events to the application."""

import json
import time
from typing import Any

import requests
import stripe
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.core.clock import utcnow
from marketplace.core.config import Settings


class StripeSide:
    def __init__(self, settings: Settings) -> None:
        self._base, self._secret = settings.stripe_api_base, settings.stripe_webhook_secret
        self._auth = {"Authorization": f"Bearer {settings.stripe_secret_key}"}

    def get(self, path: str, /, **query: str | int) -> Any:
        answer = requests.get(f"{self._base}{path}", params=query, headers=self._auth, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, /, **form: str | int) -> Any:
        answer = requests.post(f"{self._base}{path}", data=form, headers=self._auth, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def pay(self, session_id: str, outcome: str = "paid") -> str:
        """Press the hosted page's button; says what came of it."""
        result: str = self.post(f"/_sandbox/sessions/{session_id}/pay", outcome=outcome)["result"]
        return result

    def expire(self, session_id: str) -> None:
        self.post(f"/v1/checkout/sessions/{session_id}/expire")

    def sessions(self) -> list[Any]:
        found: list[Any] = self.get("/v1/checkout/sessions", limit=100)["data"]
        return found

    def refunds(self) -> list[Any]:
        found: list[Any] = self.get("/v1/refunds", limit=100)["data"]
        return found

    def events(self, prefix: str = "") -> list[Any]:
        """Oldest first."""
        found = self.get("/v1/events", limit=100)["data"]
        return [event for event in reversed(found) if event["type"].startswith(prefix)]

    def send(self, client: FlaskClient, event: Any, *, secret: str | None = None, age: float = 0) -> TestResponse:
        """As Stripe would: signed over the raw body, `age` seconds ago."""
        body = json.dumps(event)
        signed_at = int(utcnow().timestamp() - age)
        signature = stripe.WebhookSignature.generate_signature_header(body, secret or self._secret, signed_at)
        return client.post("/webhooks/stripe", data=body, headers={"Stripe-Signature": signature})


def wait_until(what: Any, seconds: float = 20) -> None:
    """For what another process does: looks again until it is so; the limit is real time."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise AssertionError(f"not so within {seconds} s")
        time.sleep(0.05)
