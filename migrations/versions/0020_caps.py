"""Caps that the rules would refuse cannot be stored either: a mentor's pages would fail on them."""

from alembic import op

revision = "0020"
down_revision = "0019"

BEFORE = "sessions_a_day >= 1 AND sessions_a_week >= 1 AND minutes_a_day BETWEEN 1 AND 1440"
AFTER = "sessions_a_day BETWEEN 1 AND 50 AND sessions_a_week BETWEEN 1 AND 350 AND minutes_a_day BETWEEN 1 AND 1440"


def upgrade() -> None:
    op.execute(
        "UPDATE boundaries SET sessions_a_day = least(sessions_a_day, 50), sessions_a_week = least(sessions_a_week, 350)"
        " WHERE sessions_a_day > 50 OR sessions_a_week > 350"
    )
    replace(AFTER)


def downgrade() -> None:
    replace(BEFORE)


def replace(rule: str) -> None:
    op.drop_constraint("caps_are_sane", "boundaries", type_="check")
    op.create_check_constraint("caps_are_sane", "boundaries", rule)
