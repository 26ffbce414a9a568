"""Days that mentors protect: no hours of theirs count on them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "protected_day",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.CheckConstraint("num_nonnulls(weekday, day) = 1", name=op.f("protects_a_weekday_or_a_date")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("protected_weekday_is_iso")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_protected_day_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_day")),
        sa.UniqueConstraint("mentor_id", "weekday", name=op.f("a_weekday_is_protected_once")),
        sa.UniqueConstraint("mentor_id", "day", name=op.f("a_date_is_protected_once")),
    )


def downgrade() -> None:
    op.drop_table("protected_day")
