"""What holding all rows against Stripe said is kept for the operator."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "reconcile_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("by IN ('worker', 'command')", name=op.f("reconciled_by_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconcile_run")),
    )
    op.create_index("ix_reconcile_run_began_at", "reconcile_run", ["began_at"])


def downgrade() -> None:
    op.drop_table("reconcile_run")
