"""What a form writes, once however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.db import Base


def write_once(session: Session, model: type[Base], form: str, row: Mapping[str, object]) -> None:
    """The row is called by the name of the form that was sent: sent twice, also at once, it stays as it is."""
    named = insert(model).values({"public_id": form, **row})
    session.execute(named.on_conflict_do_nothing(index_elements=["public_id"]))
