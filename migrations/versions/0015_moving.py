"""A session is moved: from when to when, by whom and why; kept for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

# What was moved was moved: settling and the letters read it later.
KEPT = """
CREATE FUNCTION refuse_change_of_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a move stays as it was written down'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'moves_are_kept';
END $$;
CREATE TRIGGER moves_are_kept BEFORE UPDATE OR DELETE ON booking_move
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_move();
"""


def upgrade() -> None:
    op.create_table(
        "booking_move",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.BigInteger(), nullable=False),
        sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("from_starts_at <> to_starts_at", name="a_move_leads_elsewhere"),
        sa.CheckConstraint("moved_at < from_starts_at AND moved_at < to_starts_at", name="moved_before_it_begins"),
        sa.CheckConstraint(
            "from_ends_at - from_starts_at = to_ends_at - to_starts_at", name="a_moved_session_keeps_its_length"
        ),
        sa.CheckConstraint("sequence > 0", name="a_move_raises_the_sequence"),
        sa.CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="move_reason_is_bounded"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_move_booking_id")),
        sa.ForeignKeyConstraint(["moved_by"], ["users.id"], name=op.f("fk_booking_move_moved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_move")),
    )
    op.create_index("one_move_per_sequence", "booking_move", ["booking_id", "sequence"], unique=True)
    op.execute(KEPT)


def downgrade() -> None:
    op.drop_table("booking_move")
    op.execute("DROP FUNCTION refuse_change_of_move")
