"""A mentor sees when the money reaches their bank: what Stripe says of its payouts is kept beside the books."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

STATES = ("canceled", "failed", "in_transit", "paid", "pending")


def upgrade() -> None:
    op.create_table(
        "bank_payout",
        sa.Column("stripe_payout_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_fetch", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            f"status IN ({', '.join(repr(each) for each in STATES)})", name=op.f("bank_payout_status_is_known")
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_bank_payout_mentor_id_mentor")),
        sa.PrimaryKeyConstraint("stripe_payout_id", name=op.f("pk_bank_payout")),
    )
    op.create_index("ix_bank_payout_mentor_id", "bank_payout", ["mentor_id", "made_at"])
    op.add_column("payout_account", sa.Column("bank_looked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("payout_account", "bank_looked_at")
    op.drop_table("bank_payout")
