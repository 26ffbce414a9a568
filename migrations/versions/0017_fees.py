"""The site's fee in versions, for everybody or for one mentor; each sale names the one that it was made under."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

# Rule sold_is_frozen: a sale points to its version, so no version is ever another than it was.
APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_fee_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fee that was decided stays written'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'fee_policy_is_append_only';
END $$;
CREATE TRIGGER fee_policy_is_append_only BEFORE UPDATE OR DELETE ON fee_policy
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_fee_policy();
CREATE TRIGGER fee_policy_is_never_emptied BEFORE TRUNCATE ON fee_policy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_fee_policy();
"""


def upgrade() -> None:
    op.create_table(
        "fee_policy",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follows_site", sa.Boolean(), nullable=False),
        sa.Column("rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column("rate_bp_from_4th", sa.SmallInteger(), nullable=False),
        sa.Column("rate_bp_from_10th", sa.SmallInteger(), nullable=False),
        sa.Column("fixed_minor", sa.BigInteger(), nullable=False),
        sa.Column("least_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("borne_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("created_at <= starts_at", name="fees_change_ahead"),
        sa.CheckConstraint("mentor_id IS NOT NULL OR NOT follows_site", name="the_site_follows_nobody"),
        sa.CheckConstraint(
            "rate_bp BETWEEN 0 AND 10000 AND rate_bp_from_4th BETWEEN 0 AND rate_bp"
            " AND rate_bp_from_10th BETWEEN 0 AND rate_bp_from_4th",
            name="rates_fall",
        ),
        sa.CheckConstraint("fixed_minor >= 0 AND least_minor >= 0", name="fees_are_not_negative"),
        sa.CheckConstraint("borne_by IN ('mentee', 'mentor')", name="somebody_bears_the_fee"),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_fee_policy_mentor_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_fee_policy_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_policy")),
    )
    op.create_index("ix_fee_policy_whose", "fee_policy", ["mentor_id", "starts_at", "id"])
    op.execute(APPEND_ONLY)
    op.add_column("purchase", sa.Column("fee_policy_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_purchase_fee_policy_id"), "purchase", "fee_policy", ["fee_policy_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_purchase_fee_policy_id"), "purchase")
    op.drop_column("purchase", "fee_policy_id")
    op.drop_table("fee_policy")
    op.execute("DROP FUNCTION refuse_change_of_fee_policy()")
