"""Events as Stripe sends them: signed, and in either of two formats. One is only a reason to fetch what it names.

A snapshot (v1) carries the object as it was; a thin event (v2) only names it. Both come to the one address, each kind
signed with the secret of its own destination at Stripe.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from marketplace.core.db import Json

TOLERANCE_SECONDS = 300
THIN = "v2.core.event"


class ForgedEvent(Exception):
    """The signature is missing, wrong, or not of these minutes."""


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """What is kept of an event; `api_version` is None for a thin one, which has no version."""

    id: str
    type: str
    object_id: str
    api_version: str | None
    livemode: bool
    created_at: datetime
    body: Json


def verified(body: bytes, signature: str, secrets: Iterable[str], now: datetime) -> IncomingEvent:
    """Raises ForgedEvent. Stripe's library accepts any time in the future; we do not."""
    try:
        _require_signed(body.decode(), signature, [secret for secret in secrets if secret])
        signed_at = int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))
    except (stripe.SignatureVerificationError, UnicodeDecodeError, StopIteration, ValueError) as wrong:
        raise ForgedEvent(str(wrong)) from wrong
    if abs(now.timestamp() - signed_at) > TOLERANCE_SECONDS:
        raise ForgedEvent("signed too long ago, or in the future")
    return incoming(body)


def _require_signed(text: str, signature: str, secrets: list[str]) -> None:
    """By any of them; the last one's complaint is raised."""
    for secret in secrets[:-1]:
        try:
            stripe.WebhookSignature.verify_header(text, signature, secret, None)
        except stripe.SignatureVerificationError:
            continue
        return
    stripe.WebhookSignature.verify_header(text, signature, secrets[-1] if secrets else "", None)


def incoming(body: bytes) -> IncomingEvent:
    """Raises ForgedEvent for what has not the shape of an event."""
    try:
        told = json.loads(body)
        return _thin(told) if told.get("object") == THIN else snapshot(told)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise ForgedEvent("not an event") from wrong


def snapshot(event: Any) -> IncomingEvent:
    named = event["data"]["object"]
    return IncomingEvent(
        id=event["id"],
        type=event["type"],
        object_id=str(named.get("id", "")),
        api_version=event.get("api_version"),
        livemode=bool(event["livemode"]),
        created_at=datetime.fromtimestamp(event["created"], UTC),
        body=event,
    )


def _thin(event: Any) -> IncomingEvent:
    named = event.get("related_object") or {}
    return IncomingEvent(
        id=event["id"],
        type=event["type"],
        object_id=str(named.get("id", "")),
        api_version=None,
        livemode=bool(event["livemode"]),
        created_at=datetime.fromisoformat(event["created"]).astimezone(UTC),
        body=event,
    )
