"""Calendars of others that say when somebody is busy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "busy_calendar",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("next_read_at", nullable=False),
        _number("reads"),
        _moment("asked_at"),
        _moment("answered_at"),
        _moment("whole_at"),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        _number("events"),
        _number("unread"),
        _number("unzoned"),
        _number("failures"),
        _moment("failing_since"),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        _number("outages"),
        _moment("told_at"),
        sa.CheckConstraint("char_length(name) <= 60", name=op.f("busy_name_is_bounded")),
        sa.CheckConstraint("char_length(address) <= 2000", name=op.f("busy_address_is_bounded")),
        sa.CheckConstraint(
            "trouble IN ('large', 'no_calendar', 'redirects', 'slow', 'status', 'too_much', 'unreachable')",
            name=op.f("busy_trouble_is_known"),
        ),
        sa.CheckConstraint(
            "(failures = 0) = (trouble IS NULL) AND (trouble IS NULL) = (failing_since IS NULL)"
            " AND (status IS NULL OR trouble = 'status') AND (told_at IS NULL OR trouble IS NOT NULL)",
            name=op.f("busy_trouble_is_told_whole"),
        ),
        sa.CheckConstraint(
            "(whole_at IS NULL) = (zone IS NULL) AND (whole_at IS NULL OR answered_at IS NOT NULL)"
            " AND (whole_at IS NOT NULL OR num_nonnulls(etag, last_modified) = 0)",
            name=op.f("busy_known_says_when"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_busy_calendar_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendar")),
        sa.UniqueConstraint("user_id", "address", name="a_busy_calendar_is_read_once"),
    )
    op.create_index("ix_busy_calendar_next_read_at", "busy_calendar", ["next_read_at"])
    op.create_table(
        "busy_time",
        sa.Column("calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("span", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(span) AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL"
            " AND lower_inc(span) AND NOT upper_inc(span)",
            name=op.f("busy_time_is_half_open"),
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["busy_calendar.id"], name=op.f("fk_busy_time_calendar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_busy_time_user_id")),
        sa.PrimaryKeyConstraint("calendar_id", "span", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_user_span", "busy_time", ["user_id", "span"], postgresql_using="gist")


def downgrade() -> None:
    op.drop_table("busy_time")
    op.drop_table("busy_calendar")


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)
