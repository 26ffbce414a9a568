"""What the two of a mentorship say of each other, and what is reported."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

EMPTY = sa.text("''")
UNASKED = "ix_mentorship_reviews_unasked"


def upgrade() -> None:
    op.add_column("mentorship", sa.Column("reviews_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(UNASKED, "mentorship", ["id"], postgresql_where=sa.text("reviews_asked_at IS NULL"))
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("helped_with", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="review_says_something"),
        sa.CheckConstraint("char_length(helped_with) <= 120", name="help_is_bounded"),
        sa.CheckConstraint("char_length(answer) <= 1000", name="answer_is_bounded"),
        sa.CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_says_when"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_review_mentorship_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_review_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_public_id")),
        sa.UniqueConstraint("mentorship_id", "by_id", name="one_review_of_each"),
    )
    op.create_index(op.f("ix_review_by_id"), "review", ["by_id"])
    reports()


def reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("review_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(reason) BETWEEN 1 AND 1000", name="report_says_why"),
        sa.CheckConstraint("message_id IS NULL OR review_id IS NULL", name="report_is_of_one_thing"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_report_mentorship_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_report_by_id")),
        sa.ForeignKeyConstraint(["about_id"], ["users.id"], name=op.f("fk_report_about_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_report_message_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_report_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_public_id")),
    )


def downgrade() -> None:
    op.drop_table("report")
    op.drop_table("review")
    op.drop_index(UNASKED, "mentorship")
    op.drop_column("mentorship", "reviews_asked_at")
