"""From when on two people who let a mentorship rest want to go on, if they know."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

RESTS = "only_a_rest_has_a_day_to_be_back"


def upgrade() -> None:
    op.add_column("mentorship", sa.Column("back_on", sa.Date(), nullable=True))
    op.create_check_constraint(RESTS, "mentorship", "back_on IS NULL OR standing = 'paused'")


def downgrade() -> None:
    op.drop_column("mentorship", "back_on")
