"""Calendars for programs: busy times and bookable hours."""

from alembic import op

revision = "0036"
down_revision = "0035"

EVENTS = "'both', 'busy', 'mentee', 'mentor'"


def upgrade() -> None:
    op.drop_constraint("feed_scope_is_known", "calendar_feed", type_="check")
    known = "scope IN ('both', 'busy', 'free_busy', 'hours', 'mentee', 'mentor')"
    op.create_check_constraint("feed_scope_is_known", "calendar_feed", known)


def downgrade() -> None:
    op.execute("DELETE FROM calendar_feed WHERE scope IN ('free_busy', 'hours')")
    op.drop_constraint("feed_scope_is_known", "calendar_feed", type_="check")
    op.create_check_constraint("feed_scope_is_known", "calendar_feed", f"scope IN ({EVENTS})")
