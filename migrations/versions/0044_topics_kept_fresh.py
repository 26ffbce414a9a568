"""When a mentor last said that a topic is still theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("mentor_topic", sa.Column("kept_fresh_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("mentor_topic", "kept_fresh_on")
