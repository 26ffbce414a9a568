"""One mentorship for each pair that has confirmed a session, and what the two decide about it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

RANDOM_ID = "left(replace(gen_random_uuid()::text, '-', ''), 12)"  # 48 random bits
NOT_BOOKED = "'held', 'awaiting_payment', 'expired', 'released'"
STANDINGS = "'completed', 'ended', 'open', 'paused'"
# With the first session that a pair confirms; a booking after the end opens it again. Whoever confirms holds the locks
# of both people, so nothing waits here.
BEGIN = f"""
CREATE FUNCTION begin_mentorship() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO mentorship (public_id, mentor_id, mentee_id, began_at, since)
    VALUES ({RANDOM_ID}, NEW.mentor_id, NEW.mentee_id, NEW.confirmed_at, NEW.confirmed_at)
    ON CONFLICT ON CONSTRAINT one_mentorship_per_pair DO NOTHING;
    IF NOT FOUND THEN
        WITH again AS (
            UPDATE mentorship SET standing = 'open', since = NEW.confirmed_at
            WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id
              AND standing IN ('completed', 'ended') AND since < NEW.confirmed_at
            RETURNING id)
        INSERT INTO mentorship_standing_change (mentorship_id, at, standing)
        SELECT id, NEW.confirmed_at, 'open' FROM again;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER begin_mentorship_with_booking AFTER INSERT ON booking
    FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL AND NEW.status NOT IN ({NOT_BOOKED}))
    EXECUTE FUNCTION begin_mentorship();
CREATE TRIGGER begin_mentorship AFTER UPDATE OF status ON booking
    FOR EACH ROW WHEN (NEW.status = 'confirmed' AND OLD.status <> 'confirmed') EXECUTE FUNCTION begin_mentorship();
"""
OF_BEFORE = f"""
INSERT INTO mentorship (public_id, mentor_id, mentee_id, began_at, since)
SELECT {RANDOM_ID}, mentor_id, mentee_id, min(confirmed_at), min(confirmed_at) FROM booking
WHERE confirmed_at IS NOT NULL AND status NOT IN ({NOT_BOOKED}) GROUP BY mentor_id, mentee_id
"""


def upgrade() -> None:
    op.create_table(
        "mentorship",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("mentee_id", sa.BigInteger(), nullable=False),
        sa.Column("standing", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"standing IN ({STANDINGS})", name="standing_is_known"),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_mentorship_mentor_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["users.id"], name=op.f("fk_mentorship_mentee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mentorship_public_id")),
        sa.UniqueConstraint("mentor_id", "mentee_id", name="one_mentorship_per_pair"),
    )
    op.create_index(op.f("ix_mentorship_mentee_id"), "mentorship", ["mentee_id"])
    op.create_table(
        "mentorship_standing_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(f"standing IN ({STANDINGS})", name="changed_standing_is_known"),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_standing_change_mentorship_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_mentorship_standing_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_standing_change")),
    )
    op.create_index(
        op.f("ix_mentorship_standing_change_mentorship_id"), "mentorship_standing_change", ["mentorship_id"]
    )
    op.execute(BEGIN)
    op.execute(OF_BEFORE)


def downgrade() -> None:
    op.execute("DROP TRIGGER begin_mentorship ON booking")
    op.execute("DROP TRIGGER begin_mentorship_with_booking ON booking")
    op.execute("DROP FUNCTION begin_mentorship")
    op.drop_table("mentorship_standing_change")
    op.drop_table("mentorship")
