"""The inbox of Stripe's events: each stored once, with its job, and tried until it is done (rule events_once)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text, update
from sqlalchemy.orm import Session

from marketplace.core.db import Json
from marketplace.core.errors import NotFound
from marketplace.core.jobs import enqueue, job_sql
from payments.domain.inbox import FIRST_GAP, LONGEST_GAP, EventSource, EventStatus, Outcome, gap_after
from payments.models.sales import StripeEvent

# Row and job in one constant statement: Stripe waits for the answer, and bursts of events are what a busy day brings.
# Two of the same at once: the second waits for the first, then finds the row and adds no job.
_TAKE_IN = text(f"""
    WITH taken AS (
        INSERT INTO stripe_event
            (id, type, object_id, api_version, livemode, created_at, received_at, next_at, source, body)
        VALUES (:id, :type, :object_id, :api_version, :livemode, :created_at, :now, :next_at, :source,
            CAST(:body AS jsonb))
        ON CONFLICT DO NOTHING
        RETURNING id
    )
    SELECT {job_sql("payments:apply_event", "jsonb_build_object('event_id', taken.id)")} FROM taken
""")  # noqa: S608  # no value in it comes from outside
BODIES_KEPT_FOR = timedelta(days=90)
NOT_OURS = "It names an object that this site does not know."


@dataclass(frozen=True, slots=True)
class Named:
    """What an event says: something happened to this object, of this connected account if it is not the site's own."""

    type: str
    object_id: str
    account: str | None


def receive(
    connection: Connection,
    *,
    event_id: str,
    event_type: str,
    object_id: str,
    api_version: str | None,
    livemode: bool,
    created_at: datetime,
    body: Json,
    now: datetime,
    source: EventSource = EventSource.WEBHOOK,
) -> bool:
    """Store it with its job, in one statement. False if it had come before."""
    row = {
        "id": event_id,
        "type": event_type,
        "object_id": object_id,
        "api_version": api_version,
        "livemode": livemode,
        "created_at": created_at,
        "now": now,
        "body": json.dumps(body),
        "source": source.value,
        "next_at": now + FIRST_GAP,
    }
    return connection.execute(_TAKE_IN, row).first() is not None


def begin(session: Session, event_id: str, *, now: datetime) -> Named | None:
    """Count a try, and name the next one, in case this process dies. None if there is nothing to do any more."""
    event = _locked(session, event_id)
    if event.next_at is None:
        return None
    event.attempts += 1
    event.next_at = now + (gap_after(event.attempts) or LONGEST_GAP)
    session.flush()
    account = event.body.get("account")
    return Named(event.type, event.object_id, str(account) if account else None)


def conclude(session: Session, event_id: str, outcome: Outcome, *, now: datetime) -> None:
    event = _locked(session, event_id)
    if outcome is Outcome.DONE:
        event.status, event.processed_at = EventStatus.DONE, now
        event.next_at = event.error = None
    elif event.next_at is not None:
        event.status, event.error = EventStatus.PARKED, NOT_OURS
        _try_later(event, now)
    session.flush()


def fail(session: Session, event_id: str, error: str, *, now: datetime) -> None:
    """Keep what went wrong; the sweep tries again, and after three days it is left to a person."""
    event = _locked(session, event_id)
    if event.next_at is None:
        return  # meanwhile done elsewhere, or set aside
    event.error = error
    _try_later(event, now)
    session.flush()


def replay(session: Session, event_id: str, *, now: datetime) -> None:
    """Whatever became of it: act on it once more, as if it had just come. Raises NotFound."""
    event = _known(session, event_id)
    event.status, event.attempts, event.next_at = EventStatus.NEW, 0, now + FIRST_GAP
    event.processed_at = None
    enqueue(session, "payments:apply_event", event_id=event_id)


def park(session: Session, event_id: str, *, now: datetime) -> None:
    """A person has looked at it: no more tries, and nobody is reminded of it. Raises NotFound."""
    event = _known(session, event_id)
    event.status, event.next_at, event.processed_at = EventStatus.PARKED, None, now
    session.flush()


def forget_bodies(session: Session, now: datetime) -> None:
    """What events said in full, long after they were dealt with: it has names in it, and nobody acts on it."""
    dealt_with = (StripeEvent.processed_at < now - BODIES_KEPT_FOR) & (StripeEvent.body != {})
    session.execute(update(StripeEvent).where(dealt_with).values(body={}))


def _try_later(event: StripeEvent, now: datetime) -> None:
    gap = gap_after(event.attempts)
    event.next_at = None if gap is None else now + gap
    if gap is None:
        event.status = EventStatus.PARKED


def _locked(session: Session, event_id: str) -> StripeEvent:
    statement = select(StripeEvent).where(StripeEvent.id == event_id).with_for_update(key_share=True)
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def _known(session: Session, event_id: str) -> StripeEvent:
    if session.scalar(select(StripeEvent.id).where(StripeEvent.id == event_id)) is None:
        raise NotFound("There is no such event.")
    return _locked(session, event_id)
