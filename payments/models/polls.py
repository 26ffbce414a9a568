"""When Stripe was asked by ourselves, and what came of holding everything against it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base


class PollState(Base):
    """When each question that we ask Stripe by ourselves last went through; what came before needs no asking."""

    __tablename__ = "poll_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
    """When that asking began."""


class ReconcileRun(Base):
    """One holding of all rows against Stripe, and what it said: kept for the operator, a few months."""

    __tablename__ = "reconcile_run"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    """`worker`: by itself, once a day; `command`: `flask reconcile`."""
    lines: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """As `reconcile_lines.Line`: what was healed and what is left to a person, in order."""

    __table_args__ = (CheckConstraint("by IN ('worker', 'command')", name="reconciled_by_is_known"),)

    def of(self, result: str) -> list[dict[str, str]]:
        return [line for line in self.lines if line["result"] == result]
