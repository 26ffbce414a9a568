"""A payment of nothing names no attempt to pay: one that was declined before a code took all of the price stood for a
charge, so the mentor waited for a transfer out of it."""

from alembic import op

revision = "0055"
down_revision = "0054"

NOTHING = "nothing_paid_has_no_intent"


def upgrade() -> None:
    op.execute("UPDATE payment SET stripe_payment_intent_id = NULL WHERE paid_minor = 0")
    op.create_check_constraint(NOTHING, "payment", "paid_minor > 0 OR stripe_payment_intent_id IS NULL")


def downgrade() -> None:
    op.drop_constraint(NOTHING, "payment")
