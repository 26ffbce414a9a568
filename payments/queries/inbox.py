"""What a person reads of the inbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from payments.domain.inbox import EventStatus
from payments.models.sales import StripeEvent


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event without its body."""

    id: str
    type: str
    object_id: str
    status: EventStatus
    source: str
    received_at: datetime
    attempts: int
    next_at: datetime | None
    error: str | None
    processed_at: datetime | None

    @property
    def is_left(self) -> bool:
        """All tries were in vain, and no person has set it aside."""
        return self.status is EventStatus.PARKED and self.next_at is None and self.processed_at is None


_COLUMNS = (
    StripeEvent.id,
    StripeEvent.type,
    StripeEvent.object_id,
    StripeEvent.status,
    StripeEvent.source,
    StripeEvent.received_at,
    StripeEvent.attempts,
    StripeEvent.next_at,
    StripeEvent.error,
    StripeEvent.processed_at,
)
LEFT = (StripeEvent.status == EventStatus.PARKED) & StripeEvent.next_at.is_(None) & StripeEvent.processed_at.is_(None)
"""As a condition: what `EventLine.is_left` says."""


def left_count(session: Session) -> int:
    """How many events wait for a person."""
    return session.scalar(select(func.count()).select_from(StripeEvent).where(LEFT)) or 0


def event_lines(session: Session, status: EventStatus | None, *, offset: int = 0, limit: int = 50) -> list[EventLine]:
    """The newest first; of every state for None."""
    statement = select(*_COLUMNS).order_by(StripeEvent.received_at.desc(), StripeEvent.id).offset(offset).limit(limit)
    if status is not None:
        statement = statement.where(StripeEvent.status == status)
    return [_line(*row) for row in session.execute(statement)]


def events_about(session: Session, object_ids: Collection[str]) -> list[EventLine]:
    """In the order in which they came."""
    about = select(*_COLUMNS).where(StripeEvent.object_id.in_(object_ids))
    return [_line(*row) for row in session.execute(about.order_by(StripeEvent.received_at, StripeEvent.id))]


def event_with(session: Session, event_id: str) -> StripeEvent:
    """Raises NotFound."""
    event = session.get(StripeEvent, event_id)
    if event is None:
        raise NotFound("There is no such event.")
    return event


def line_of(event: StripeEvent) -> EventLine:
    return _line(*(getattr(event, column.key) for column in _COLUMNS))


def _line(event_id: str, kind: str, object_id: str, status: str, *rest: object) -> EventLine:
    return EventLine(event_id, kind, object_id, EventStatus(status), *rest)  # type: ignore[arg-type]  # in their order
