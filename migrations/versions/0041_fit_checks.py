"""Whether two people fit: what each of them says after some sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

ITEMS = ("heard", "goal", "way", "person")


def upgrade() -> None:
    op.create_table(
        "fit_check",
        sa.Column("mentorship_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(item, sa.SmallInteger(), nullable=True) for item in ITEMS),
        sa.CheckConstraint(" AND ".join(f"{item} BETWEEN 0 AND 4" for item in ITEMS), name="fit_is_out_of_four"),
        sa.CheckConstraint(f"num_nonnulls({', '.join(ITEMS)}) IN (0, 4)", name="all_of_fit_or_nothing"),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_fit_check_mentorship_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_fit_check_by_id")),
        sa.PrimaryKeyConstraint("mentorship_id", "number", "by_id", name=op.f("pk_fit_check")),
    )
    op.create_index("ix_fit_check_at", "fit_check", ["at"])


def downgrade() -> None:
    op.drop_table("fit_check")
