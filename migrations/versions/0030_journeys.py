"""Dates on which mentors live by the clocks of another zone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "journey",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("days", postgresql.DATERANGE(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(days) AND lower(days) IS NOT NULL AND upper(days) IS NOT NULL",
            name=op.f("journey_has_both_ends"),
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_journey_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey")),
        postgresql.ExcludeConstraint(("mentor_id", "="), ("days", "&&"), using="gist", name="in_one_place_at_a_time"),
    )


def downgrade() -> None:
    op.drop_table("journey")
