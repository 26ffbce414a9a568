"""Messages between the two people of a mentorship, and where each of them is."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 4000", name="message_says_something"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_message_mentorship_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_message_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
    )
    op.create_index("ix_message_mentorship", "message", ["mentorship_id", "id"])
    op.create_table(
        "thread_side",
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("read_to", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_thread_side_mentorship_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_thread_side_user_id")),
        sa.PrimaryKeyConstraint("mentorship_id", "user_id", name=op.f("pk_thread_side")),
    )


def downgrade() -> None:
    op.drop_table("thread_side")
    op.drop_table("message")
