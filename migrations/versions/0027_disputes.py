"""Banks take payments back, or ask about them: what Stripe says of that, what it moves, and what it covers."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

KINDS = (
    "payment_received",
    "refund_by_hand",
    "refund_failed",
    "refund_owed",
    "refund_sent",
    "refund_succeeded",
    "session_kept",
    "stripe_fee",
    "transfer_sent",
    "fee_given_back",
    "mentor_taken_back",
    "transfer_by_hand",
    "transfer_netted",
    "transfer_reversed",
)
NEW_KINDS = (
    "dispute_borne",
    "dispute_fee",
    "dispute_lost",
    "dispute_returned",
    "dispute_taken",
    "refund_covered",
)
ACCOUNTS = (
    "mentee_prepaid",
    "mentor_payable",
    "mentor_receivable",
    "refunds_in_flight",
    "refunds_owed",
    "site_bank",
    "site_discounts",
    "site_fees",
    "stripe_clearing",
    "stripe_fees",
    "tax_payable",
)
COMMANDS = ("account", "checkout", "refund", "reversal", "transfer")
OPEN = "'needs_response', 'under_review', 'warning_needs_response', 'warning_under_review'"
STATUSES = f"{OPEN}, 'lost', 'prevented', 'warning_closed', 'won'"
CANCELLED = "'cancelled_by_mentee', 'cancelled_by_mentor', 'cancelled_by_operator'"
WHO = "cancelled_says_who_and_when"
WHY = "operators_say_why"


def upgrade() -> None:
    _make_disputes()
    _let_refunds_be_covered()
    know("stripe_command", "kind", "command_kind_is_known", (*COMMANDS, "evidence"))
    know("ledger_transaction", "kind", "ledger_kind_is_known", (*KINDS, *NEW_KINDS))
    know(
        "ledger_entry", "account", "ledger_account_is_known", (*ACCOUNTS, "dispute_loss", "disputed", "mentor_waiting")
    )
    _keep_letters()
    op.drop_constraint(WHO, "booking", type_="check")
    op.create_check_constraint(
        WHO,
        "booking",
        f"(status IN ({CANCELLED})) = (cancelled_at IS NOT NULL)"
        " AND (status = 'cancelled_by_operator' OR num_nonnulls(cancelled_at, cancelled_by) IN (0, 2))"
        " AND (cancelled_at IS NOT NULL OR cancelled_by IS NULL)",
    )
    op.drop_constraint(WHY, "booking", type_="check")
    op.create_check_constraint(
        WHY, "booking", "status <> 'cancelled_by_operator' OR (cancel_reason IS NULL) = (cancelled_by IS NULL)"
    )


def _keep_letters() -> None:
    op.add_column("mail_outbox", sa.Column("subject", sa.Text(), nullable=True))
    op.add_column("mail_outbox", sa.Column("text", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("kept_is_what_was_sent"),
        "mail_outbox",
        "text IS NULL OR (status = 'sent' AND subject IS NOT NULL)",
    )
    op.create_index("ix_mail_outbox_kept", "mail_outbox", ["closed_at"], postgresql_where=sa.text("text IS NOT NULL"))


def _make_disputes() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("stripe_dispute_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("taken_minor", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("lost_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_currency", sa.Text(), nullable=False),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fetch", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submissions", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("evidence_command_id", sa.BigInteger(), nullable=True),
        sa.Column("evidence_by", sa.BigInteger(), nullable=True),
        sa.Column("evidence_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("dispute_status_is_known")),
        sa.CheckConstraint(f"(status IN ({OPEN})) = (decided_at IS NULL)", name=op.f("decided_at_a_time")),
        sa.CheckConstraint(
            "amount_minor > 0 AND taken_minor >= 0 AND returned_minor >= 0 AND (taken_minor > 0) = (taken_at IS NOT NULL)",
            name=op.f("dispute_sums_are_sums"),
        ),
        sa.CheckConstraint(
            "lost_minor = CASE status WHEN 'lost' THEN taken_minor - returned_minor ELSE 0 END",
            name=op.f("lost_is_what_stays_away"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(evidence_command_id, evidence_by, evidence_at) IN (0, 3)",
            name=op.f("evidence_says_who_and_when"),
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_dispute_payment_id")),
        sa.ForeignKeyConstraint(
            ["evidence_command_id"], ["stripe_command.id"], name=op.f("fk_dispute_evidence_command_id")
        ),
        sa.ForeignKeyConstraint(["evidence_by"], ["users.id"], name=op.f("fk_dispute_evidence_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("stripe_dispute_id", name=op.f("uq_dispute_stripe_dispute_id")),
        sa.UniqueConstraint("evidence_command_id", name=op.f("uq_dispute_evidence_command_id")),
    )
    op.create_index("ix_dispute_payment_id", "dispute", ["payment_id"])
    op.create_index("ix_dispute_open", "dispute", ["looked_at"], postgresql_where=sa.text("decided_at IS NULL"))
    op.create_table(
        "dispute_attachment",
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_attachment_dispute_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_dispute_attachment_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_dispute_attachment_person_id")),
        sa.PrimaryKeyConstraint("dispute_id", "booking_id", name=op.f("pk_dispute_attachment")),
    )


def _let_refunds_be_covered() -> None:
    _refund_states(("covered", "failed", "owed", "sent", "succeeded"), "status IN ('covered', 'owed')")
    _refund_indexes("booking_id IS NULL AND status <> 'covered'", "status <> 'covered' AND reason <> 'given_back'")


def _refund_states(statuses: tuple[str, ...], without_id: str) -> None:
    know("refund", "status", "refund_status_is_known", statuses)
    op.drop_constraint(op.f("sent_refund_has_an_id"), "refund", type_="check")
    op.create_check_constraint(op.f("sent_refund_has_an_id"), "refund", f"{without_id} OR stripe_refund_id IS NOT NULL")


def _refund_indexes(of_payment: str, of_session: str) -> None:
    for name in ("one_refund_per_reason", "one_refund_per_session"):
        op.drop_index(name, table_name="refund")
    op.create_index(
        "one_refund_per_reason",
        "refund",
        ["payment_id", "reason"],
        unique=True,
        postgresql_where=sa.text(of_payment),
    )
    op.create_index(
        "one_refund_per_session",
        "refund",
        ["booking_id", "reason"],
        unique=True,
        postgresql_where=sa.text(of_session),
    )


def downgrade() -> None:
    op.drop_index("ix_mail_outbox_kept", table_name="mail_outbox")
    op.drop_column("mail_outbox", "text")
    op.drop_column("mail_outbox", "subject")
    op.drop_constraint(WHY, "booking", type_="check")
    op.create_check_constraint(WHY, "booking", "status <> 'cancelled_by_operator' OR cancel_reason IS NOT NULL")
    op.drop_constraint(WHO, "booking", type_="check")
    op.create_check_constraint(
        WHO,
        "booking",
        f"(status IN ({CANCELLED})) = (cancelled_at IS NOT NULL)"
        " AND num_nonnulls(cancelled_at, cancelled_by) IN (0, 2)",
    )
    know("ledger_entry", "account", "ledger_account_is_known", ACCOUNTS)
    know("ledger_transaction", "kind", "ledger_kind_is_known", KINDS)
    _refund_states(("failed", "owed", "sent", "succeeded"), "status = 'owed'")
    _refund_indexes("booking_id IS NULL", "reason <> 'given_back'")
    op.drop_table("dispute_attachment")
    op.drop_table("dispute")
    op.execute("DELETE FROM stripe_command WHERE kind = 'evidence'")
    know("stripe_command", "kind", "command_kind_is_known", COMMANDS)


def know(table: str, column: str, name: str, known: tuple[str, ...]) -> None:
    listed = ", ".join(repr(each) for each in sorted(known))
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")
