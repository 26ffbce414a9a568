"""What a mentee wrote and the mentor has not answered yet."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.create_table(
        "answer_wanted",
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(asked < 2) = (next_at IS NOT NULL) AND asked >= 0", name="silence_goes_on"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_answer_wanted_mentorship_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_answer_wanted_message_id")),
        sa.PrimaryKeyConstraint("mentorship_id", name=op.f("pk_answer_wanted")),
    )
    op.create_index(op.f("ix_answer_wanted_next_at"), "answer_wanted", ["next_at"])


def downgrade() -> None:
    op.drop_table("answer_wanted")
