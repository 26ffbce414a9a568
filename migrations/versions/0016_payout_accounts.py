"""Mentors are known to Stripe, which pays them: what costs something is for sale only while it can."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

STATES = ("active", "closed", "gone", "pending", "rejected", "restricted", "unknown", "unsupported")

# Whatever says how an account stands, what is for sale follows in the same transaction.
KEEP = """
CREATE FUNCTION keep_can_be_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.mentor_id ELSE NEW.mentor_id END;
    can boolean := EXISTS (SELECT FROM payout_account WHERE mentor_id = whose AND transfers = 'active');
BEGIN
    UPDATE mentor SET can_be_paid = can WHERE id = whose AND can_be_paid IS DISTINCT FROM can;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_can_be_paid AFTER INSERT OR DELETE OR UPDATE OF transfers ON payout_account
    FOR EACH ROW EXECUTE FUNCTION keep_can_be_paid();
"""
ON_OFFER = "mentor.id AND active"
ON_SALE = "mentor.id AND active AND (price_minor = 0 OR mentor.can_be_paid)"


def upgrade() -> None:
    op.add_column("mentor", sa.Column("can_be_paid", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "payout_account",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("command_id", sa.BigInteger(), nullable=True),
        sa.Column("stripe_account_id", sa.Text(), nullable=True),
        sa.Column("transfers", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("wants", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("last_fetch", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            f"transfers IN ({', '.join(repr(each) for each in STATES)})", name=op.f("transfers_are_known")
        ),
        sa.CheckConstraint("num_nonnulls(command_id, stripe_account_id) > 0", name=op.f("made_or_to_be_made")),
        sa.CheckConstraint(
            "transfers = 'unknown' OR stripe_account_id IS NOT NULL", name=op.f("only_the_made_is_known")
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_payout_account_mentor_id")),
        sa.ForeignKeyConstraint(["command_id"], ["stripe_command.id"], name=op.f("fk_payout_account_command_id")),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_payout_account")),
        sa.UniqueConstraint("command_id", name=op.f("uq_payout_account_command_id")),
        sa.UniqueConstraint("stripe_account_id", name=op.f("uq_payout_account_stripe_account_id")),
    )
    op.create_index("ix_payout_account_looked_at", "payout_account", ["looked_at"])
    op.execute(KEEP)
    know("account", "checkout", "refund")
    find(before=ON_OFFER, after=ON_SALE)


def downgrade() -> None:
    find(before=ON_SALE, after=ON_OFFER)
    op.execute("DROP FUNCTION keep_can_be_paid CASCADE")
    op.drop_table("payout_account")
    op.execute("DELETE FROM stripe_command WHERE kind = 'account'")
    know("checkout", "refund")
    op.drop_column("mentor", "can_be_paid")


def know(*kinds: str) -> None:
    listed = ", ".join(repr(kind) for kind in kinds)
    op.drop_constraint(op.f("command_kind_is_known"), "stripe_command", type_="check")
    op.create_check_constraint(op.f("command_kind_is_known"), "stripe_command", f"kind IN ({listed})")


def find(*, before: str, after: str) -> None:
    """Search finds a mentor by what is for sale: both places where its function reads offerings."""
    op.execute(f"""
        DO $$ BEGIN
            EXECUTE replace(pg_get_functiondef('mentor_search_of'::regproc), '{before}', '{after}');
        END $$;
    """)
    op.execute("SELECT refresh_mentor_search(ARRAY(SELECT id FROM mentor))")
