"""Time off that closes the rest of a week says so, and can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("time_off", sa.Column("closes_week", sa.Date(), nullable=True))
    op.create_check_constraint("a_week_is_closed_from_its_monday", "time_off", RULE)


def downgrade() -> None:
    op.drop_constraint("a_week_is_closed_from_its_monday", "time_off", type_="check")
    op.drop_column("time_off", "closes_week")


RULE = "extract(isodow FROM closes_week) = 1 AND lower(span) >= closes_week AND upper(span) <= closes_week + interval '7 days'"
