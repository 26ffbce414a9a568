"""Public holidays that mentors keep."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "holiday_choice",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("known_until", sa.Date(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("holiday_country_is_a_code")),
        sa.CheckConstraint("char_length(region) <= 40", name=op.f("holiday_region_is_a_code")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_holiday_choice_mentor_id")),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_holiday_choice")),
    )
    op.create_table(
        "holiday",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_worked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["holiday_choice.mentor_id"], name=op.f("fk_holiday_mentor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentor_id", "day", name=op.f("pk_holiday")),
    )


def downgrade() -> None:
    op.drop_table("holiday")
    op.drop_table("holiday_choice")
