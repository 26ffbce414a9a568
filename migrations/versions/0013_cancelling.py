"""A confirmed session is cancelled: who, when and why; what goes back for it, and what the books say of it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

CANCELLED = "'cancelled_by_mentee', 'cancelled_by_mentor', 'cancelled_by_operator'"
KINDS = (
    "payment_received",
    "refund_by_hand",
    "refund_failed",
    "refund_owed",
    "refund_sent",
    "refund_succeeded",
    "stripe_fee",
)
ACCOUNTS = ("mentee_prepaid", "refunds_in_flight", "refunds_owed", "site_bank", "stripe_clearing", "stripe_fees")
OWN = (
    "(status <> 'cancelled_by_mentee' OR cancelled_by = mentee_id)"
    " AND (status <> 'cancelled_by_mentor' OR cancelled_by = mentor_id)"
)
CHECKS = (
    (
        "cancelled_says_who_and_when",
        f"(status IN ({CANCELLED})) = (cancelled_at IS NOT NULL) AND num_nonnulls(cancelled_at, cancelled_by) IN (0, 2)",
    ),
    ("cancelled_before_it_begins", "cancelled_at < starts_at"),
    ("cancelled_by_whom_it_says", OWN),
    ("operators_say_why", "status <> 'cancelled_by_operator' OR cancel_reason IS NOT NULL"),
    (
        "cancel_reason_is_bounded",
        "cancel_reason IS NULL OR (cancelled_at IS NOT NULL AND char_length(cancel_reason) BETWEEN 1 AND 500)",
    ),
)

# Cancelling is final: whoever comes second, by whatever path, changes nothing of it.
FINAL = """
CREATE FUNCTION refuse_change_of_cancelled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cancelled_at IS NOT NULL
       AND (NEW.status, NEW.cancelled_at, NEW.cancelled_by, NEW.cancel_reason, NEW.starts_at, NEW.ends_at)
        IS DISTINCT FROM
           (OLD.status, OLD.cancelled_at, OLD.cancelled_by, OLD.cancel_reason, OLD.starts_at, OLD.ends_at)
    THEN RAISE EXCEPTION 'what is cancelled stays cancelled'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cancelled_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cancelled_is_final BEFORE UPDATE ON booking
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_cancelled();
"""


def upgrade() -> None:
    op.add_column("booking", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("cancelled_by", sa.BigInteger(), nullable=True))
    op.add_column("booking", sa.Column("cancel_reason", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_booking_cancelled_by"), "booking", "users", ["cancelled_by"], ["id"])
    for name, rule in CHECKS:
        op.create_check_constraint(name, "booking", rule)
    op.execute(FINAL)
    op.add_column("refund", sa.Column("booking_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_refund_booking_id"), "refund", "booking", ["booking_id"], ["id"])
    op.create_check_constraint(
        "cancelled_names_its_session", "refund", "(reason = 'cancelled') = (booking_id IS NOT NULL)"
    )
    op.drop_index("one_refund_per_reason", table_name="refund")
    op.create_index(
        "one_refund_per_reason",
        "refund",
        ["payment_id", "reason"],
        unique=True,
        postgresql_where=sa.text("booking_id IS NULL"),
    )
    op.create_index("one_refund_per_session", "refund", ["booking_id", "reason"], unique=True)
    know((*KINDS, "session_kept"), (*ACCOUNTS, "mentor_payable", "site_fees"))


def downgrade() -> None:
    know(KINDS, ACCOUNTS)
    op.drop_index("one_refund_per_session", table_name="refund")
    op.drop_index("one_refund_per_reason", table_name="refund")
    op.create_index("one_refund_per_reason", "refund", ["payment_id", "reason"], unique=True)
    op.drop_column("refund", "booking_id")
    op.execute("DROP FUNCTION refuse_change_of_cancelled CASCADE")
    for name, _ in CHECKS:
        op.drop_constraint(name, "booking", type_="check")
    op.drop_column("booking", "cancel_reason")
    op.drop_column("booking", "cancelled_by")
    op.drop_column("booking", "cancelled_at")


def know(kinds: tuple[str, ...], accounts: tuple[str, ...]) -> None:
    for name, table, column, known in (
        ("ledger_kind_is_known", "ledger_transaction", "kind", kinds),
        ("ledger_account_is_known", "ledger_entry", "account", accounts),
    ):
        op.drop_constraint(op.f(name), table, type_="check")
        listed = ", ".join(f"'{each}'" for each in sorted(known))
        op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")
