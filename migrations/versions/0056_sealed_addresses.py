"""Addresses of busy calendars are sealed with SECRET_KEY, those that are there too."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from flask import current_app

from marketplace.core.sealing import DoesNotOpen, fingerprint, seal, unseal

revision = "0056"
down_revision = "0055"

PURPOSE = "busy calendar"
TROUBLES = ["large", "no_calendar", "redirects", "slow", "status", "too_much", "unreachable"]
HOST = "lower(trim(both '[]' from substring(address from '^[a-z]+://(\\[[^]]+\\]|[^/:?#]+)')))"
"""Of what `address_of` has let through."""


def upgrade() -> None:
    op.add_column("busy_calendar", sa.Column("host", sa.Text(), nullable=True))
    op.add_column("busy_calendar", sa.Column("sealed_address", sa.LargeBinary(), nullable=True))
    op.add_column("busy_calendar", sa.Column("known_by", sa.LargeBinary(), nullable=True))
    op.execute(f"UPDATE busy_calendar SET host = {HOST}")
    _each("address", "sealed_address = :new, known_by = :known", _sealed)
    for column in ("host", "sealed_address", "known_by"):
        op.alter_column("busy_calendar", column, nullable=False)
    op.drop_constraint("a_busy_calendar_is_read_once", "busy_calendar")
    op.drop_constraint("busy_address_is_bounded", "busy_calendar")
    op.drop_column("busy_calendar", "address")
    op.create_unique_constraint("a_busy_calendar_is_read_once", "busy_calendar", ["user_id", "known_by"])
    op.create_check_constraint("busy_address_is_bounded", "busy_calendar", "octet_length(sealed_address) <= 8028")
    _troubles([*TROUBLES, "sealed"])


def downgrade() -> None:
    """What this SECRET_KEY does not open goes: nobody could read it."""
    op.add_column("busy_calendar", sa.Column("address", sa.Text(), nullable=True))
    _each("sealed_address", "address = :new", _opened)
    op.execute("DELETE FROM busy_calendar WHERE address IS NULL")
    op.execute("UPDATE busy_calendar SET trouble = 'unreachable' WHERE trouble = 'sealed'")
    op.alter_column("busy_calendar", "address", nullable=False)
    op.drop_constraint("a_busy_calendar_is_read_once", "busy_calendar")
    op.drop_constraint("busy_address_is_bounded", "busy_calendar")
    for column in ("host", "sealed_address", "known_by"):
        op.drop_column("busy_calendar", column)
    op.create_unique_constraint("a_busy_calendar_is_read_once", "busy_calendar", ["user_id", "address"])
    op.create_check_constraint("busy_address_is_bounded", "busy_calendar", "char_length(address) <= 2000")
    _troubles(TROUBLES)


def _each(column: str, setting: str, worked_out: Callable[[object, int], dict[str, object]]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, user_id, {column} FROM busy_calendar ORDER BY id")).all()
    for row in rows:
        values = worked_out(row[2], row.user_id)
        connection.execute(sa.text(f"UPDATE busy_calendar SET {setting} WHERE id = :id"), {"id": row.id, **values})


def _sealed(address: object, user_id: int) -> dict[str, object]:
    key = current_app.config["SECRET_KEY"]
    return {
        "new": seal(str(address), secret_key=key, purpose=PURPOSE, owner=user_id),
        "known": fingerprint(str(address), secret_key=key, purpose=PURPOSE),
    }


def _opened(address: object, user_id: int) -> dict[str, object]:
    key = current_app.config["SECRET_KEY"]
    try:
        return {"new": unseal(bytes(address), secret_key=key, purpose=PURPOSE, owner=user_id)}  # type: ignore[call-overload]
    except DoesNotOpen:
        return {"new": None}


def _troubles(known: list[str]) -> None:
    op.drop_constraint(op.f("busy_trouble_is_known"), "busy_calendar")
    listed = ", ".join(f"'{each}'" for each in known)
    op.create_check_constraint(op.f("busy_trouble_is_known"), "busy_calendar", f"trouble IN ({listed})")
