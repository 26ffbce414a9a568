"""What became of a session: what its people say, what an operator decides, and when it is settled."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NO_SHOW = "'no_show_both', 'no_show_mentee', 'no_show_mentor'"
DECIDED_IS_SETTLED = " AND (decision IS NULL OR settled_at IS NOT NULL)"
CHECKS = (
    ("over_says_when", f"(status IN ('completed', {NO_SHOW})) = (completed_at IS NOT NULL)"),
    ("over_after_its_end", "completed_at >= ends_at"),
    ("settled_once_over", "completed_at IS NOT NULL OR num_nonnulls(settle_at, settled_at) = 0"),
    ("settled_waits_for_nothing", "settled_at IS NULL OR settle_at IS NULL"),
    ("missed_is_settled", f"status NOT IN ({NO_SHOW}) OR settled_at IS NOT NULL"),
    (
        "decided_says_who_when_and_why",
        "num_nonnulls(decision, decided_at, decided_by, decision_reason) IN (0, 4)" + DECIDED_IS_SETTLED,
    ),
    (
        "decision_is_known",
        "decision IN ('all_back', 'both_missing', 'mentee_missing', 'mentor_missing', 'took_place')",
    ),
    ("decision_reason_is_bounded", "char_length(decision_reason) BETWEEN 1 AND 500"),
)
COLUMNS = ("completed_at", "settle_at", "settled_at", "decided_at")

# What is over stays over, and what is settled stays as it is: whoever comes second, by whatever path.
FINAL = """
CREATE FUNCTION refuse_change_of_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.completed_at IS NOT NULL
        AND (NEW.completed_at, NEW.starts_at, NEW.ends_at) IS DISTINCT FROM (OLD.completed_at, OLD.starts_at, OLD.ends_at))
    OR (OLD.settled_at IS NOT NULL
        AND (NEW.status, NEW.settled_at, NEW.decision, NEW.decided_at, NEW.decided_by, NEW.decision_reason)
            IS DISTINCT FROM
            (OLD.status, OLD.settled_at, OLD.decision, OLD.decided_at, OLD.decided_by, OLD.decision_reason))
    THEN RAISE EXCEPTION 'what became of a session stays so'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_is_final BEFORE UPDATE ON booking
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_outcome();
"""

# The session's row is locked by whoever claims or settles, so one of the two sees the other.
KEPT = """
CREATE FUNCTION keep_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about record;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'what was said stays said' USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_are_kept';
    END IF;
    SELECT * INTO about FROM booking WHERE id = NEW.booking_id FOR NO KEY UPDATE;
    IF about.settled_at IS NOT NULL OR about.cancelled_at IS NOT NULL OR about.confirmed_at IS NULL THEN
        RAISE EXCEPTION 'nothing is said of what is settled'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_come_before_settling';
    END IF;
    IF NEW.person_id <> (CASE NEW.side WHEN 'mentee' THEN about.mentee_id ELSE about.mentor_id END) THEN
        RAISE EXCEPTION 'only its two people say how it was'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_are_of_its_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claims_are_kept BEFORE INSERT OR UPDATE OR DELETE ON booking_claim
    FOR EACH ROW EXECUTE FUNCTION keep_claims();
"""


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("booking", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("decision", sa.Text(), nullable=True))
    op.add_column("booking", sa.Column("decided_by", sa.BigInteger(), nullable=True))
    op.add_column("booking", sa.Column("decision_reason", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_booking_decided_by"), "booking", "users", ["decided_by"], ["id"])
    for name, rule in CHECKS:
        op.create_check_constraint(name, "booking", rule)
    op.create_index("ix_booking_ends", "booking", ["ends_at"], postgresql_where=sa.text("status = 'confirmed'"))
    op.create_index("ix_booking_to_settle", "booking", ["settle_at"], postgresql_where=sa.text("settle_at IS NOT NULL"))
    say_how_it_was()
    op.execute(FINAL)
    op.execute(KEPT)
    give_back_for("'cancelled', 'outcome'")


def say_how_it_was() -> None:
    op.create_table(
        "booking_claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('mentee', 'mentor')", name=op.f("claim_side_is_known")),
        sa.CheckConstraint(
            "said IN ('other_missing', 'problem', 'took_place', 'was_missing')", name=op.f("claim_is_known")
        ),
        sa.CheckConstraint("said <> 'problem' OR words IS NOT NULL", name=op.f("a_problem_is_told")),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name=op.f("claim_words_are_bounded")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_claim_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_booking_claim_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_claim")),
    )
    op.create_index("one_claim_of_a_kind", "booking_claim", ["booking_id", "side", "said"], unique=True)


def give_back_for(reasons: str) -> None:
    op.drop_constraint("cancelled_names_its_session", "refund", type_="check")
    op.create_check_constraint(
        "cancelled_names_its_session", "refund", f"(reason IN ({reasons})) = (booking_id IS NOT NULL)"
    )


def downgrade() -> None:
    give_back_for("'cancelled'")
    op.execute("DROP FUNCTION refuse_change_of_outcome, keep_claims CASCADE")
    op.drop_table("booking_claim")
    op.drop_index("ix_booking_to_settle", table_name="booking")
    op.drop_index("ix_booking_ends", table_name="booking")
    for name, _ in CHECKS:
        op.drop_constraint(name, "booking", type_="check")
    for name in (*COLUMNS, "decision", "decided_by", "decision_reason"):
        op.drop_column("booking", name)
