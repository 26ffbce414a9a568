"""What goes back of a payment that Stripe has exchanged is exchanged as well, at another rate: what it took instead."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.create_table(
        "exchanged_later",
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("dispute_id", sa.BigInteger(), nullable=True),
        sa.Column("sold_minor", sa.BigInteger(), nullable=False),
        sa.Column("sold_currency", sa.Text(), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_currency", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(refund_id, dispute_id) = 1", name=op.f("exchanged_for_one_thing")),
        sa.CheckConstraint(
            "sign(sold_minor) = sign(settled_minor) AND sold_minor <> 0", name=op.f("exchanged_one_way")
        ),
        sa.CheckConstraint("sold_currency <> settled_currency", name=op.f("exchanged_into_another")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_exchanged_later_dispute_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_exchanged_later_payment_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_exchanged_later_refund_id")),
        sa.PrimaryKeyConstraint("stripe_id", name=op.f("pk_exchanged_later")),
    )
    for column in ("payment_id", "refund_id", "dispute_id"):
        op.create_index(op.f(f"ix_exchanged_later_{column}"), "exchanged_later", [column])


def downgrade() -> None:
    op.drop_table("exchanged_later")
