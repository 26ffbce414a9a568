"""Events are tried again by their own due time and keep what went wrong; when Stripe was last polled."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("stripe_event", sa.Column("source", sa.Text(), server_default="webhook", nullable=False))
    op.add_column("stripe_event", sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("stripe_event", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stripe_event", sa.Column("error", sa.Text(), nullable=True))
    op.execute("UPDATE stripe_event SET next_at = received_at WHERE status <> 'done'")
    op.drop_index("ix_stripe_event_waiting", table_name="stripe_event")
    op.create_index("ix_stripe_event_due", "stripe_event", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL"))
    op.create_index("ix_stripe_event_received_at", "stripe_event", ["received_at"])
    op.create_check_constraint("event_source_is_known", "stripe_event", "source IN ('poll', 'webhook')")
    op.create_check_constraint("new_events_are_tried", "stripe_event", "(status = 'new') <= (next_at IS NOT NULL)")
    op.create_check_constraint("done_events_are_not", "stripe_event", "status <> 'done' OR next_at IS NULL")
    op.create_table(
        "poll_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_poll_state")),
    )


def downgrade() -> None:
    op.drop_table("poll_state")
    for name in ("event_source_is_known", "new_events_are_tried", "done_events_are_not"):
        op.drop_constraint(name, "stripe_event")
    op.drop_index("ix_stripe_event_received_at", table_name="stripe_event")
    op.drop_index("ix_stripe_event_due", table_name="stripe_event")
    op.create_index(
        "ix_stripe_event_waiting", "stripe_event", ["received_at"], postgresql_where=sa.text("status = 'new'")
    )
    for name in ("error", "next_at", "attempts", "source"):
        op.drop_column("stripe_event", name)
