"""What a mentee needs, said once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.create_table(
        "looking_for",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ways", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(needs) BETWEEN 1 AND 8", name="somebody_needs_something"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_looking_for_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_looking_for")),
    )


def downgrade() -> None:
    op.drop_table("looking_for")
