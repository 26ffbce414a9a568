"""A mentor proposes another time for a session: both times are taken for both people until it is answered."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

OCCUPYING = "'held', 'awaiting_payment', 'confirmed', 'completed', 'no_show_mentee', 'no_show_mentor', 'no_show_both'"
STATUSES = "'accepted', 'elsewhere', 'lapsed', 'open', 'overtaken', 'taken_back', 'withdrawn'"
OWN = (
    "(status <> 'cancelled_by_mentee' OR cancelled_by = mentee_id)"
    " AND (status <> 'cancelled_by_mentor' OR cancelled_by = mentor_id)"
)
OWN_OR_TAKEN_BACK = (
    "(status <> 'cancelled_by_mentee' OR cancelled_by = mentee_id)"
    " AND (status <> 'cancelled_by_mentor'"
    " OR cancelled_by = CASE WHEN took_all_back THEN mentee_id ELSE mentor_id END)"
    " AND (NOT took_all_back OR status = 'cancelled_by_mentor')"
)
BUSINESS_HOURS = (
    "local_start = (starts_at AT TIME ZONE zone) AND local_end = (ends_at AT TIME ZONE zone)"
    " AND extract(isodow FROM local_start) = ANY (envelope_weekdays)"
    " AND extract(hour FROM local_start) * 60 + extract(minute FROM local_start) >= envelope_opens"
    " AND (extract(epoch FROM local_end - date_trunc('day', local_start)) / 60) <= envelope_closes"
)

# Rule no_double_booking: as before; and a time that is proposed is given back with a session that is no longer to be.
KEEP_OCCUPANCY = """
CREATE OR REPLACE FUNCTION keep_occupancy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status IN ({occupying}) AND OLD.status IN ({occupying})
       AND (NEW.starts_at, NEW.ends_at, NEW.mentor_id, NEW.mentee_id)
         = (OLD.starts_at, OLD.ends_at, OLD.mentor_id, OLD.mentee_id)
       AND (NEW.buffer_before_minutes, NEW.buffer_after_minutes) = (OLD.buffer_before_minutes, OLD.buffer_after_minutes)
    THEN RETURN NULL;
    END IF;
    DELETE FROM occupancy WHERE booking_id = NEW.id{which};
    IF NEW.status IN ({occupying}) THEN
        INSERT INTO occupancy (booking_id, user_id, span) VALUES
            (NEW.id, NEW.mentor_id, tstzrange(NEW.starts_at - make_interval(mins => NEW.buffer_before_minutes),
                                              NEW.ends_at + make_interval(mins => NEW.buffer_after_minutes))),
            (NEW.id, NEW.mentee_id, tstzrange(NEW.starts_at, NEW.ends_at));
    END IF;
    RETURN NULL;
END $$;
"""
KEEP_PROPOSED = """
CREATE FUNCTION keep_proposed_occupancy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM occupancy WHERE booking_id = NEW.booking_id AND is_proposed;
    IF NEW.status = 'open' THEN
        INSERT INTO occupancy (booking_id, user_id, span, is_proposed)
        SELECT b.id, b.mentor_id, tstzrange(NEW.starts_at - make_interval(mins => NEW.buffer_before_minutes),
                                            NEW.ends_at + make_interval(mins => NEW.buffer_after_minutes)), true
        FROM booking b WHERE b.id = NEW.booking_id
        UNION ALL
        SELECT b.id, b.mentee_id, tstzrange(NEW.starts_at, NEW.ends_at), true
        FROM booking b WHERE b.id = NEW.booking_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_proposed_occupancy AFTER INSERT OR UPDATE ON move_proposal
    FOR EACH ROW EXECUTE FUNCTION keep_proposed_occupancy();
"""
# What was answered, withdrawn or over stays so, whoever comes second.
ANSWERED_ONCE = """
CREATE FUNCTION refuse_change_of_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open'
       OR (to_jsonb(NEW) - ARRAY['status', 'closed_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'closed_at'])
    THEN RAISE EXCEPTION 'a proposal is answered once, and is what it was'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'answered_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE OR DELETE ON move_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_answer();
"""


def upgrade() -> None:
    proposals()
    op.drop_constraint("no_double_booking", "occupancy")
    op.drop_constraint(op.f("pk_occupancy"), "occupancy", type_="primary")
    op.add_column("occupancy", sa.Column("is_proposed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_primary_key(op.f("pk_occupancy"), "occupancy", ["booking_id", "user_id", "is_proposed"])
    exclude("user_id WITH =, span WITH &&, booking_id WITH <>")
    op.execute(KEEP_OCCUPANCY.format(occupying=OCCUPYING, which=" AND (NOT is_proposed OR NEW.status <> 'confirmed')"))
    op.execute(KEEP_PROPOSED)
    op.execute(ANSWERED_ONCE)
    op.add_column("booking", sa.Column("took_all_back", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    by_whom(OWN_OR_TAKEN_BACK)


def proposals() -> None:
    op.create_table(
        "move_proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("local_start", sa.DateTime(timezone=False), nullable=False),
        sa.Column("local_end", sa.DateTime(timezone=False), nullable=False),
        sa.Column("buffer_before_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("buffer_after_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("envelope_weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("envelope_opens", sa.SmallInteger(), nullable=False),
        sa.Column("envelope_closes", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="proposal_status_is_known"),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="proposal_is_open_or_closed"),
        sa.CheckConstraint(
            "proposed_at < expires_at AND expires_at <= starts_at AND starts_at < ends_at", name="proposal_ends_in_time"
        ),
        sa.CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="proposal_reason_is_bounded"),
        sa.CheckConstraint(BUSINESS_HOURS, name="proposed_in_business_hours_only"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_move_proposal_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_move_proposal_public_id")),
    )
    op.create_index(op.f("ix_move_proposal_booking_id"), "move_proposal", ["booking_id"])
    is_open = sa.text("status = 'open'")
    op.create_index("one_open_proposal", "move_proposal", ["booking_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_move_proposal_overdue", "move_proposal", ["expires_at"], postgresql_where=is_open)


def downgrade() -> None:
    by_whom(OWN)
    op.drop_column("booking", "took_all_back")
    op.drop_table("move_proposal")
    op.execute("DROP FUNCTION keep_proposed_occupancy, refuse_change_of_answer")
    op.execute("DELETE FROM occupancy WHERE is_proposed")
    op.execute(KEEP_OCCUPANCY.format(occupying=OCCUPYING, which=""))
    op.drop_constraint("no_double_booking", "occupancy")
    op.drop_constraint(op.f("pk_occupancy"), "occupancy", type_="primary")
    op.drop_column("occupancy", "is_proposed")
    op.create_primary_key(op.f("pk_occupancy"), "occupancy", ["booking_id", "user_id"])
    exclude("user_id WITH =, span WITH &&")


def exclude(what: str) -> None:
    op.execute(f"ALTER TABLE occupancy ADD CONSTRAINT no_double_booking EXCLUDE USING gist ({what})")


def by_whom(rule: str) -> None:
    op.drop_constraint("cancelled_by_whom_it_says", "booking", type_="check")
    op.create_check_constraint("cancelled_by_whom_it_says", "booking", rule)
