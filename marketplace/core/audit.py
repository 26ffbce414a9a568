"""Who did what, on whom, when and why: written with the deed in its transaction, and never changed after that.

The trigger `audit_is_append_only` refuses UPDATE, DELETE and TRUNCATE. People are named by id and without a foreign
key: an entry outlives the account that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.core.db import Base, Json

WHAT: dict[str, Any] = {}
"""The deeds that there are, as people read them: a sentence's end, such as “approved a mentor”, lazily translated."""


class AuditEntry(Base):
    """`what` is `feature:deed`; `actor_id` is empty for what the site did by itself or a command did."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    what: Mapped[str]
    about_id: Mapped[int | None]
    """The person on whom it was done."""
    subject: Mapped[str] = mapped_column(server_default="")
    """The thing, by its public id; nothing that is made of a person's name."""
    reason: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[Json]
    """What it was before and what after, or whatever else tells the deed from another."""

    __table_args__ = (
        CheckConstraint("what ~ '^[a-z_]+:[a-z_]+$'", name="deed_has_a_name"),
        Index("ix_audit_entry_about", "about_id", "id"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
        Index("ix_audit_entry_what", "what", "id"),
    )


def names(deeds: Mapping[str, Any]) -> None:
    """Register how deeds are called; a feature does it once, when it is loaded."""
    WHAT.update(deeds)


def note(
    session: Session,
    what: str,
    *,
    now: datetime,
    actor_id: int | None,
    about_id: int | None = None,
    subject: str = "",
    reason: str = "",
    detail: Mapping[str, object] | None = None,
) -> AuditEntry:
    """In the transaction of the deed: no deed without its entry, no entry for what was rolled back.

    `detail` must be JSON, and outlives the account: ids, sums and codes belong in it, people's words do not.
    """
    entry = AuditEntry(
        at=now,
        actor_id=actor_id,
        what=what,
        about_id=about_id,
        subject=subject,
        reason=reason,
        detail=dict(detail or {}),
    )
    session.add(entry)
    session.flush()
    return entry
