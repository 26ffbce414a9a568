"""The inbox of Stripe's events: each stored once, with its job (rule events_once)."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.db import Json
from marketplace.core.jobs import enqueue
from payments.models import StripeEvent


def receive(
    session: Session,
    *,
    event_id: str,
    event_type: str,
    object_id: str,
    api_version: str | None,
    livemode: bool,
    created_at: datetime,
    body: Json,
    now: datetime,
) -> bool:
    """False if it had come before."""
    row = {
        "id": event_id,
        "type": event_type,
        "object_id": object_id,
        "api_version": api_version,
        "livemode": livemode,
        "created_at": created_at,
        "received_at": now,
        "body": body,
    }
    is_new = session.scalar(insert(StripeEvent).values(row).on_conflict_do_nothing().returning(StripeEvent.id))
    if is_new is None:
        return False
    enqueue(session, "payments:apply_event", event_id=event_id)
    return True


def close_event(session: Session, event_id: str, status: str, *, now: datetime) -> None:
    """`done`: its object was looked at, or is of no interest. `parked`: it names an object that we do not know."""
    event = session.get_one(StripeEvent, event_id)
    event.status, event.processed_at = status, now
    session.flush()
