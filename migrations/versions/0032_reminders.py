"""Reminders before a session, planned when it is booked or moved."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "booking_reminder",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("ahead", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ahead IN ('day', 'hour')", name="reminder_is_known"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_booking_reminder_booking_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_booking_reminder_user_id"),
        sa.PrimaryKeyConstraint("booking_id", "user_id", "ahead", name="pk_booking_reminder"),
    )
    op.create_index("ix_booking_reminder_remind_at", "booking_reminder", ["remind_at"])


def downgrade() -> None:
    op.drop_table("booking_reminder")
