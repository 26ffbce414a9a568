"""What waits in a mentorship: a week to check in on, and a day on which two people wanted to look again."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"

INDEX = "ix_mentorship_next_look"


def upgrade() -> None:
    op.add_column("users", sa.Column("wants_check_ins", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("mentorship", sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(INDEX, "mentorship", ["next_look_at"], postgresql_where=sa.text("standing = 'open'"))


def downgrade() -> None:
    op.drop_index(INDEX, "mentorship")
    op.drop_column("mentorship", "next_look_at")
    op.drop_column("users", "wants_check_ins")
