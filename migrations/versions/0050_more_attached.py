"""More than an agenda may be attached for a bank: shared notes, and single messages, by whose they are and when."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
TABLE = "dispute_attachment"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("source", sa.Text(), nullable=True))
    op.add_column(TABLE, sa.Column("kind", sa.Text(), nullable=True))
    op.add_column(TABLE, sa.Column("written_by", sa.BigInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE dispute_attachment SET source = 'agenda-' || booking_id, kind = 'agenda'")
    op.alter_column(TABLE, "source", nullable=False)
    op.alter_column(TABLE, "kind", nullable=False)
    op.drop_constraint(op.f("pk_dispute_attachment"), TABLE, type_="primary")
    op.create_primary_key(op.f("pk_dispute_attachment"), TABLE, ["dispute_id", "source"])
    op.create_index(op.f("ix_dispute_attachment_booking_id"), TABLE, ["booking_id"])
    op.create_foreign_key(op.f("fk_dispute_attachment_written_by"), TABLE, "users", ["written_by"], ["id"])
    op.create_check_constraint(op.f("attached_kind_is_known"), TABLE, "kind IN ('agenda', 'message', 'notes')")
    op.create_check_constraint(
        op.f("message_says_whose_and_when"),
        TABLE,
        "(kind = 'message') = (written_by IS NOT NULL) AND (kind = 'message') = (written_at IS NOT NULL)",
    )


def downgrade() -> None:
    op.execute("DELETE FROM dispute_attachment WHERE kind <> 'agenda'")
    op.drop_constraint(op.f("message_says_whose_and_when"), TABLE, type_="check")
    op.drop_constraint(op.f("attached_kind_is_known"), TABLE, type_="check")
    op.drop_constraint(op.f("fk_dispute_attachment_written_by"), TABLE, type_="foreignkey")
    op.drop_index(op.f("ix_dispute_attachment_booking_id"), TABLE)
    op.drop_constraint(op.f("pk_dispute_attachment"), TABLE, type_="primary")
    op.create_primary_key(op.f("pk_dispute_attachment"), TABLE, ["dispute_id", "booking_id"])
    for column in ("written_at", "written_by", "kind", "source"):
        op.drop_column(TABLE, column)
