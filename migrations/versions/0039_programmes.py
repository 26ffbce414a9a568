"""Programmes: several sessions sold as one purchase, booked one after the other, and ended without fault."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

KINDS, OLD_KINDS = "'fit_call', 'listening', 'programme', 'session'", "'fit_call', 'listening', 'session'"
OLD_LATER = "'booking_id', 'discount_minor', 'tax_minor'"
LATER = f"{OLD_LATER}, 'to_book', 'returned_at'"
USED_ONCE = """
CREATE FUNCTION refuse_second_use_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.returned_at IS NOT NULL AND (NEW.booking_id, NEW.to_book, NEW.returned_at)
        IS DISTINCT FROM (OLD.booking_id, OLD.to_book, OLD.returned_at)
    THEN RAISE EXCEPTION 'it went back' USING ERRCODE = 'check_violation', CONSTRAINT = 'returned_is_final';
    END IF;
    IF NOT OLD.to_book AND (NEW.booking_id IS DISTINCT FROM OLD.booking_id)
    THEN RAISE EXCEPTION 'it is booked' USING ERRCODE = 'check_violation', CONSTRAINT = 'session_is_used_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER session_is_used_once BEFORE UPDATE ON purchase_session
    FOR EACH ROW EXECUTE FUNCTION refuse_second_use_of_session();
"""
FROZEN_PROGRAMME = """
CREATE FUNCTION refuse_change_of_programme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE later text[] := ARRAY['early_asked_at', 'ended_at', 'ended_by', 'ask_at', 'asked'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
       OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_by) IS DISTINCT FROM (OLD.ended_at, OLD.ended_by))
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sold_is_frozen BEFORE UPDATE OR DELETE ON programme
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_programme();
"""


def upgrade() -> None:
    know_kinds(KINDS)
    widen_offering()
    widen_purchase_session()
    create_programme()
    create_session_before()
    freeze(LATER)
    op.execute(USED_ONCE)
    op.execute(FROZEN_PROGRAMME)


def downgrade() -> None:
    for function in ("refuse_change_of_programme", "refuse_second_use_of_session"):
        op.execute(f"DROP FUNCTION {function} CASCADE")
    freeze(OLD_LATER)
    op.drop_table("session_before")
    op.drop_table("programme")
    for name in ("returned_was_to_book", "unbooked_is_to_book"):
        op.drop_constraint(op.f(name), "purchase_session", type_="check")
    for name in ("returned_at", "to_book"):
        op.drop_column("purchase_session", name)
    op.drop_constraint(op.f("programme_has_a_course"), "offering", type_="check")
    for name in ("pre_work", "milestones", "cadence_days", "sessions"):
        op.drop_column("offering", name)
    op.execute("UPDATE offering SET kind = 'session' WHERE kind = 'programme'")
    know_kinds(OLD_KINDS)


def know_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("offering_kind_is_known"), "offering", type_="check")
    op.create_check_constraint(op.f("offering_kind_is_known"), "offering", f"kind IN ({kinds})")


def widen_offering() -> None:
    op.add_column("offering", sa.Column("sessions", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))
    op.add_column("offering", sa.Column("cadence_days", sa.SmallInteger(), nullable=True))
    op.add_column("offering", sa.Column("milestones", sa.Text(), server_default="", nullable=False))
    op.add_column("offering", sa.Column("pre_work", sa.Text(), server_default="", nullable=False))
    op.create_check_constraint(
        op.f("programme_has_a_course"),
        "offering",
        "sessions BETWEEN 1 AND 12 AND (kind = 'programme') = (sessions > 1)"
        " AND (kind = 'programme') = (cadence_days IS NOT NULL) AND cadence_days BETWEEN 1 AND 60",
    )


def widen_purchase_session() -> None:
    """Each session that was sold before has its booking."""
    op.add_column(
        "purchase_session", sa.Column("to_book", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("purchase_session", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("unbooked_is_to_book"), "purchase_session", "booking_id IS NOT NULL OR to_book")
    op.create_check_constraint(op.f("returned_was_to_book"), "purchase_session", "returned_at IS NULL OR to_book")


def create_programme() -> None:
    op.create_table(
        "programme",
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("cadence_days", sa.SmallInteger(), nullable=False),
        sa.Column("milestones", sa.Text(), nullable=False),
        sa.Column("pre_work", sa.Text(), nullable=False),
        sa.Column("early_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("cadence_days BETWEEN 1 AND 60", name=op.f("cadence_is_sane")),
        sa.CheckConstraint("ended_by IS NULL OR ended_at IS NOT NULL", name=op.f("ended_by_somebody_at_a_time")),
        sa.CheckConstraint("ended_at IS NULL OR ask_at IS NULL", name=op.f("nobody_is_asked_after_the_end")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_programme_purchase_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_programme_ended_by")),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("pk_programme")),
    )
    op.create_index("ix_programme_ask_at", "programme", ["ask_at"], postgresql_where=sa.text("ask_at IS NOT NULL"))


def create_session_before() -> None:
    op.create_table(
        "session_before",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_session_before_booking_id")),
        sa.ForeignKeyConstraint(
            ["purchase_id", "position"],
            ["purchase_session.purchase_id", "purchase_session.position"],
            name=op.f("fk_session_before_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_session_before")),
    )
    op.create_index("ix_session_before_purchase_id", "session_before", ["purchase_id"])


def freeze(later: str) -> None:
    """Rule sold_is_frozen: only these change after the hold."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION refuse_change_of_sold_session() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE later text[] := ARRAY[{later}];
        BEGIN
            IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
               OR ((NEW.discount_minor, NEW.tax_minor) IS DISTINCT FROM (OLD.discount_minor, OLD.tax_minor)
                   AND EXISTS (SELECT FROM purchase WHERE id = OLD.purchase_id AND total_minor IS NOT NULL))
            THEN RAISE EXCEPTION 'a sale does not change'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
            END IF;
            RETURN NEW;
        END $$
        """
    )
