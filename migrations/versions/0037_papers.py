"""What a pair writes down: agreement, goals and plan, version by version, with scores and evidence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    papers()
    op.create_table(
        "mentorship_goal_score",
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confidence", sa.SmallInteger(), nullable=True),
        sa.Column("attainment", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 0 AND 10", name="confidence_is_out_of_ten"),
        sa.CheckConstraint("attainment BETWEEN -2 AND 2", name="attainment_has_five_levels"),
        sa.CheckConstraint("num_nonnulls(confidence, attainment) > 0", name="a_score_says_something"),
        sa.ForeignKeyConstraint(["paper_id"], ["mentorship_paper.id"], name=op.f("fk_mentorship_goal_score_paper_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_mentorship_goal_score_by_id")),
        sa.PrimaryKeyConstraint("paper_id", "by_id", "day", name=op.f("pk_mentorship_goal_score")),
    )
    op.create_table(
        "mentorship_evidence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("step_key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name="evidence_says_something"),
        sa.CheckConstraint("char_length(link) <= 500", name="evidence_link_is_bounded"),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_evidence_mentorship_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_mentorship_evidence_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mentorship_evidence_public_id")),
    )
    op.create_index(op.f("ix_mentorship_evidence_mentorship_id"), "mentorship_evidence", ["mentorship_id"])


def papers() -> None:
    op.create_table(
        "mentorship_paper",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("closed_as", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('agreement', 'goal', 'plan')", name="paper_kind_is_known"),
        sa.CheckConstraint(
            "closed_as IS NULL OR (kind = 'goal' AND closed_as IN ('reached', 'dropped'))", name="only_goals_close"
        ),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_paper_mentorship_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_paper")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mentorship_paper_public_id")),
    )
    op.create_index(op.f("ix_mentorship_paper_mentorship_id"), "mentorship_paper", ["mentorship_id"])
    op.create_index(
        "one_paper_of_its_kind",
        "mentorship_paper",
        ["mentorship_id", "kind"],
        unique=True,
        postgresql_where=sa.text("kind <> 'goal'"),
    )
    op.create_table(
        "mentorship_paper_version",
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mentor_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentee_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name="versions_count_from_one"),
        sa.CheckConstraint("char_length(why) <= 1000", name="why_is_bounded"),
        sa.CheckConstraint("num_nonnulls(mentor_agreed_at, mentee_agreed_at) > 0", name="who_writes_agrees"),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["mentorship_paper.id"], name=op.f("fk_mentorship_paper_version_paper_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_mentorship_paper_version_by_id")),
        sa.PrimaryKeyConstraint("paper_id", "number", name=op.f("pk_mentorship_paper_version")),
    )


def downgrade() -> None:
    op.drop_table("mentorship_evidence")
    op.drop_table("mentorship_goal_score")
    op.drop_table("mentorship_paper_version")
    op.drop_table("mentorship_paper")
