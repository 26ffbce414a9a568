"""Working hours that mentors edit themselves: what no page and no hand may write."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_check_constraint("a_day_without_hours_has_no_row", "working_hours", "NOT isempty(minutes)")
    op.create_check_constraint("time_off_is_half_open", "time_off", "lower_inc(span) AND NOT upper_inc(span)")
    op.create_exclude_constraint(
        "time_off_is_written_once", "time_off", ("mentor_id", "="), ("span", "&&"), using="gist"
    )
    # What the rules refuse to read must not be written: one such row would close a mentor's every page.
    op.create_check_constraint("bookings_open_before_the_notice", "boundaries", "horizon_days * 1440 > notice_minutes")


def downgrade() -> None:
    op.drop_constraint("bookings_open_before_the_notice", "boundaries", type_="check")
    op.drop_constraint("time_off_is_written_once", "time_off")
    op.drop_constraint("time_off_is_half_open", "time_off", type_="check")
    op.drop_constraint("a_day_without_hours_has_no_row", "working_hours", type_="check")
