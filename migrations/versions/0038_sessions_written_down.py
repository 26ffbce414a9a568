"""Notes of sessions, what somebody will do, check-ins, and whether somebody was heard."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

PARTS = "'check_in', 'goal', 'mentees_own', 'mentors_own', 'options', 'reality', 'will'"
EMPTY = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "session_note",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("words", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"part IN ({PARTS})", name="note_part_is_known"),
        sa.CheckConstraint("char_length(words) <= 10000", name="note_is_bounded"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_session_note_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_session_note_by_id")),
        sa.PrimaryKeyConstraint("booking_id", "part", name=op.f("pk_session_note")),
    )
    op.create_table(
        "session_note_aside",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"part IN ({PARTS})", name="aside_part_is_known"),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 10000", name="aside_says_something"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_session_note_aside_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_session_note_aside_by_id")),
        sa.PrimaryKeyConstraint("booking_id", "part", "form", name=op.f("pk_session_note_aside")),
    )
    actions()
    check_ins()


def actions() -> None:
    op.create_table(
        "action_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cue", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 200", name="action_says_something"),
        sa.CheckConstraint("char_length(cue) <= 200", name="cue_is_bounded"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_action_item_mentorship_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_action_item_owner_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_action_item_booking_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_action_item_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_action_item_public_id")),
    )
    op.create_index("ix_action_item_mentorship", "action_item", ["mentorship_id", "id"])


def check_ins() -> None:
    op.create_table(
        "check_in",
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("is_stuck", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("progress BETWEEN 0 AND 10", name="progress_is_out_of_ten"),
        sa.CheckConstraint("extract(isodow FROM week) = 1", name="a_week_begins_on_monday"),
        sa.CheckConstraint("char_length(words) <= 1000", name="check_in_is_bounded"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_check_in_mentorship_id")),
        sa.PrimaryKeyConstraint("mentorship_id", "week", name=op.f("pk_check_in")),
    )
    op.create_table(
        "heard_answer",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('no', 'partly', 'yes')", name="heard_answer_is_known"),
        sa.CheckConstraint("char_length(words) <= 1000", name="heard_is_bounded"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_heard_answer_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_heard_answer")),
    )


def downgrade() -> None:
    for table in ("heard_answer", "check_in", "action_item", "session_note_aside", "session_note"):
        op.drop_table(table)
