"""The right to withdraw goes with a sale: by which text, whether an early start was asked for, and when it ends."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

LATER = ("status", "total_minor", "sold_at", "discount_minor", "tax_minor")
SUMS = ("total_minor", "discount_minor", "tax_minor")
NEW = ("withdrawal_version", "early_asked_at", "withdrawal_until")
ENDS = "(withdrawal_until IS NOT NULL) = (status = 'sold' AND withdrawal_version IS NOT NULL)"


def upgrade() -> None:
    op.add_column("purchase", sa.Column("withdrawal_version", sa.Text(), nullable=True))
    op.add_column("purchase", sa.Column("early_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("purchase", sa.Column("withdrawal_until", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("right_to_withdraw_ends"), "purchase", ENDS)
    asked = "early_asked_at IS NULL OR withdrawal_version IS NOT NULL"
    op.create_check_constraint(op.f("asked_by_a_text"), "purchase", asked)
    freeze((*LATER, "withdrawal_until"), (*SUMS, "withdrawal_until"))


def downgrade() -> None:
    freeze(LATER, SUMS)
    op.drop_constraint(op.f("asked_by_a_text"), "purchase", type_="check")
    op.drop_constraint(op.f("right_to_withdraw_ends"), "purchase", type_="check")
    for name in NEW:
        op.drop_column("purchase", name)


def freeze(later: tuple[str, ...], at_confirmation: tuple[str, ...]) -> None:
    """Rule sold_is_frozen: only these change after the hold, and of them these only until it is sold."""
    new, old = (", ".join(f"{row}.{name}" for name in at_confirmation) for row in ("NEW", "OLD"))
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION refuse_change_of_sale() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE later text[] := ARRAY[{", ".join(repr(name) for name in later)}];
        BEGIN
            IF (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
               OR (OLD.total_minor IS NOT NULL AND ({new}) IS DISTINCT FROM ({old}))
            THEN RAISE EXCEPTION 'a sale does not change'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
            END IF;
            RETURN NEW;
        END $$
        """
    )
