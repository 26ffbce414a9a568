"""Mentors are paid: one transfer for a session that has earned something, made by a command, and booked."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("command_id", sa.BigInteger(), nullable=False),
        sa.Column("stripe_transfer_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('owed', 'sent')", name=op.f("transfer_status_is_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("transfer_is_something")),
        sa.CheckConstraint(
            "(status = 'sent') = (stripe_transfer_id IS NOT NULL) AND (status = 'sent') = (sent_at IS NOT NULL)",
            name=op.f("sent_transfer_has_an_id"),
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_transfer_booking_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_transfer_payment_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_transfer_mentor_id")),
        sa.ForeignKeyConstraint(["command_id"], ["stripe_command.id"], name=op.f("fk_transfer_command_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("command_id", name=op.f("uq_transfer_command_id")),
        sa.UniqueConstraint("stripe_transfer_id", name=op.f("uq_transfer_stripe_transfer_id")),
    )
    op.create_index("one_transfer_per_session", "transfer", ["booking_id"], unique=True)
    op.create_index("ix_transfer_payment_id", "transfer", ["payment_id"])
    op.create_index("ix_transfer_mentor_id", "transfer", ["mentor_id"])
    know("stripe_command", "command_kind_is_known", ("account", "checkout", "refund", "transfer"))
    know("ledger_transaction", "ledger_kind_is_known", (*KINDS, "transfer_sent"))


def downgrade() -> None:
    know("ledger_transaction", "ledger_kind_is_known", KINDS)
    op.drop_table("transfer")
    op.execute("DELETE FROM stripe_command WHERE kind = 'transfer'")
    know("stripe_command", "command_kind_is_known", ("account", "checkout", "refund"))


KINDS = (
    "payment_received",
    "refund_by_hand",
    "refund_failed",
    "refund_owed",
    "refund_sent",
    "refund_succeeded",
    "session_kept",
    "stripe_fee",
)


def know(table: str, name: str, kinds: tuple[str, ...]) -> None:
    listed = ", ".join(repr(kind) for kind in sorted(kinds))
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"kind IN ({listed})")
