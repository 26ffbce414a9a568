"""One outbox for all that Stripe is asked to do. Payments and refunds point to their command."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "stripe_command",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("keys_used", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spoilt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('checkout', 'refund')", name=op.f("command_kind_is_known")),
        sa.CheckConstraint(
            "status IN ('done', 'refused', 'waiting', 'withdrawn')", name=op.f("command_status_is_known")
        ),
        sa.CheckConstraint("status <> 'withdrawn' OR first_sent_at IS NULL", name=op.f("only_the_unsent_is_withdrawn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_command")),
        sa.UniqueConstraint("business_key", name=op.f("uq_stripe_command_business_key")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_stripe_command_idempotency_key")),
    )
    for statement in MOVE_THE_KEYS:
        op.execute(statement)
    for table in ("payment", "refund"):
        op.alter_column(table, "command_id", nullable=False)
        op.create_foreign_key(f"fk_{table}_command_id", table, "stripe_command", ["command_id"], ["id"])
        op.create_unique_constraint(f"uq_{table}_command_id", table, ["command_id"])
        op.drop_column(table, "idempotency_key")
    op.drop_column("payment", "params")


def downgrade() -> None:
    op.add_column("payment", sa.Column("params", JSONB(), nullable=True))
    for table in ("payment", "refund"):
        op.add_column(table, sa.Column("idempotency_key", sa.Text(), nullable=True))
    op.execute("UPDATE payment SET params = c.params FROM stripe_command c WHERE c.id = command_id")
    for table in ("payment", "refund"):
        op.execute(
            f"UPDATE {table} SET idempotency_key = c.idempotency_key FROM stripe_command c WHERE c.id = command_id"
        )
        op.alter_column(table, "idempotency_key", nullable=False)
        op.create_unique_constraint(f"uq_{table}_idempotency_key", table, ["idempotency_key"])
        op.drop_column(table, "command_id")
    op.alter_column("payment", "params", nullable=False)
    op.drop_table("stripe_command")


MOVE_THE_KEYS = (
    "ALTER TABLE payment ADD COLUMN command_id bigint",
    "ALTER TABLE refund ADD COLUMN command_id bigint",
    """INSERT INTO stripe_command (kind, business_key, idempotency_key, params, status, created_at, first_sent_at)
       SELECT 'checkout', idempotency_key, idempotency_key, params,
              CASE WHEN stripe_session_id IS NULL THEN 'waiting' ELSE 'done' END, created_at, created_at FROM payment""",
    """INSERT INTO stripe_command (kind, business_key, idempotency_key, params, status, created_at, first_sent_at)
       SELECT 'refund', r.idempotency_key, r.idempotency_key,
              jsonb_build_object('payment_intent', p.stripe_payment_intent_id, 'amount', r.amount_minor,
                                 'metadata', jsonb_build_object('refund', r.idempotency_key)),
              CASE WHEN r.stripe_refund_id IS NULL THEN 'waiting' ELSE 'done' END, r.created_at, r.sent_at
       FROM refund r JOIN payment p ON p.id = r.payment_id""",
    "UPDATE payment SET command_id = c.id FROM stripe_command c WHERE c.business_key = payment.idempotency_key",
    "UPDATE refund SET command_id = c.id FROM stripe_command c WHERE c.business_key = refund.idempotency_key",
)
