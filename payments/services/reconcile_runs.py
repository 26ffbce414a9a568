"""What reconciling said is kept, so that the operator reads it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from payments.models.polls import ReconcileRun

KEPT_FOR = timedelta(days=90)
EVERY = timedelta(hours=24)


def is_due(session: Session, now: datetime) -> bool:
    """By itself once a day; a command counts, too."""
    last = last_run(session)
    return last is None or last.began_at <= now - EVERY


def last_run(session: Session) -> ReconcileRun | None:
    return session.scalar(select(ReconcileRun).order_by(ReconcileRun.began_at.desc(), ReconcileRun.id.desc()).limit(1))


def runs(session: Session, limit: int = 30) -> list[ReconcileRun]:
    """The newest first."""
    order = select(ReconcileRun).order_by(ReconcileRun.began_at.desc(), ReconcileRun.id.desc())
    return list(session.scalars(order.limit(limit)))


def keep_run(session: Session, lines: Iterable[dict[str, str]], *, by: str, now: datetime) -> None:
    session.execute(delete(ReconcileRun).where(ReconcileRun.began_at < now - KEPT_FOR))
    session.add(ReconcileRun(began_at=now, by=by, lines=list(lines)))
    session.flush()
