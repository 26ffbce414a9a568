"""How many events of Stripe a second the site takes in, against an empty view of the same application.

Each is new and signed: its signature is checked, it is stored with its job, and committed, before it is answered. Doing
the job is the worker's, and no worker runs here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from tempfile import TemporaryDirectory

from marketplace.core.clock import utcnow
from payments.sandbox.events import API_VERSION
from payments.sandbox.session_objects import line_item, public, session
from payments.sandbox.webhooks import signature
from tools.bench.load import against_empty, message
from tools.bench.serving import WEBHOOK_SECRET, database, server

WAY = "/webhooks/stripe"


def measure(seconds: float = 10) -> dict[str, float]:
    """`seconds` is for all rounds together. All are medians of the rounds."""
    with database() as url, TemporaryDirectory() as instance, server(url, instance) as port:
        rates = against_empty(port, deliveries(), b"200", seconds)
    return {"ratio": rates.ratio, "webhooks_per_s": rates.ours, "empty_view_per_s": rates.empty}


def deliveries() -> Iterator[bytes]:
    """Requests as Stripe sends them, without end: of one kind and size, and no two about the same thing."""
    now = utcnow()
    before, after = sample_event(int(now.timestamp())).split("NUMBER")
    for number in count(1):
        body = f"{before}{number:024}{after}".encode()
        signed = signature(body, WEBHOOK_SECRET, int(utcnow().timestamp()))
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Stripe-Signature": signed}
        yield message("POST", WAY, headers, body)


def sample_event(now: int) -> str:
    """A checkout that was completed, with the place of its event's number in it."""
    price = {"unit_amount": 8050, "product_data": {"name": "Single session with Grace Example"}}
    ours = {"metadata": {"payment": "p", "purchase": "q", "booking": "b"}, "customer_email": "ada@example.org"}
    lasts = int(timedelta(minutes=35).total_seconds())
    made = session(
        ours,
        [line_item({"price_data": price}, "eur", now)],
        now=now,
        expires_at=now + lasts,
        base_url="https://example.org",
    )
    paid = {**public(made), "status": "complete", "payment_status": "paid"}
    event = {
        "id": "evt_NUMBER",
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": {"object": paid},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "checkout.session.completed",
    }
    return json.dumps(event)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
