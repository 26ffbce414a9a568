"""Many calendar addresses for one person, each with a name and with the app that last read it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.drop_index("one_feed_per_scope", table_name="calendar_feed")
    op.drop_constraint("feed_scope_is_known", "calendar_feed", type_="check")
    op.create_check_constraint("feed_scope_is_known", "calendar_feed", "scope IN ('both', 'busy', 'mentee', 'mentor')")
    op.add_column("calendar_feed", sa.Column("name", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "calendar_feed", sa.Column("with_cancelled", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("calendar_feed", sa.Column("last_read_by", sa.Text(), nullable=True))
    op.add_column("calendar_feed", sa.Column("last_read_revision", sa.BigInteger(), nullable=True))
    # Which app it was, nobody wrote down; that it knows all is true of most, and put right when it looks again.
    op.execute(
        "UPDATE calendar_feed SET last_read_by = '', last_read_revision = calendar_revision"
        " FROM users WHERE users.id = user_id AND last_read_at IS NOT NULL"
    )
    op.create_check_constraint("feed_name_is_bounded", "calendar_feed", "char_length(name) <= 60")
    op.create_check_constraint(
        "read_says_by_whom", "calendar_feed", "num_nonnulls(last_read_at, last_read_by, last_read_revision) IN (0, 3)"
    )


def downgrade() -> None:
    op.drop_constraint("read_says_by_whom", "calendar_feed", type_="check")
    op.drop_constraint("feed_name_is_bounded", "calendar_feed", type_="check")
    for column in ("last_read_revision", "last_read_by", "with_cancelled", "name"):
        op.drop_column("calendar_feed", column)
    op.execute(
        "DELETE FROM calendar_feed WHERE scope NOT IN ('mentee', 'mentor') OR id NOT IN"
        " (SELECT min(id) FROM calendar_feed GROUP BY user_id, scope)"
    )
    op.drop_constraint("feed_scope_is_known", "calendar_feed", type_="check")
    op.create_check_constraint("feed_scope_is_known", "calendar_feed", "scope IN ('mentor', 'mentee')")
    op.create_index("one_feed_per_scope", "calendar_feed", ["user_id", "scope"], unique=True)
