"""Money that comes back from mentors: what was given back after settling, taken back, reversed, and netted."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

STATUSES, OLD_STATUSES = ("by_hand", "netted", "owed", "sent"), ("owed", "sent")
SENT_HAS_AN_ID = "(status = 'sent') = (stripe_transfer_id IS NOT NULL) AND (status = 'sent') = (sent_at IS NOT NULL)"
REASONS = "(reason IN ({}'cancelled', 'outcome')) = (booking_id IS NOT NULL)"


def upgrade() -> None:
    create_given_back()
    create_taken_back()
    widen_transfer()
    create_transfer_reversal()
    widen_refund()
    know("stripe_command", "command_kind_is_known", "kind", (*COMMANDS, "reversal"))
    know("ledger_transaction", "ledger_kind_is_known", "kind", (*KINDS, *NEW_KINDS))
    know("ledger_entry", "ledger_account_is_known", "account", (*ACCOUNTS, "mentor_receivable"))


def downgrade() -> None:
    know("ledger_entry", "ledger_account_is_known", "account", ACCOUNTS)
    know("ledger_transaction", "ledger_kind_is_known", "kind", KINDS)
    op.drop_table("transfer_reversal")
    op.drop_table("taken_back")
    op.drop_table("given_back")
    op.execute("DELETE FROM stripe_command WHERE kind = 'reversal'")
    know("stripe_command", "command_kind_is_known", "kind", COMMANDS)
    narrow_transfer()
    op.drop_index("one_refund_per_session", "refund")
    op.create_index("one_refund_per_session", "refund", ["booking_id", "reason"], unique=True)
    op.drop_constraint(op.f("cancelled_names_its_session"), "refund", type_="check")
    op.create_check_constraint(op.f("cancelled_names_its_session"), "refund", REASONS.format(""))


def create_given_back() -> None:
    op.create_table(
        "given_back",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("given_back_is_something")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_given_back_booking_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_given_back_refund_id")),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_given_back_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_back")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_given_back_refund_id")),
    )
    op.create_index("given_back_is_counted", "given_back", ["booking_id", "number"], unique=True)


def create_taken_back() -> None:
    op.create_table(
        "taken_back",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("against", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("payable_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("taken_back_is_something")),
        sa.CheckConstraint(
            "payable_minor BETWEEN 0 AND amount_minor OR payable_minor = amount_minor",
            name=op.f("taken_from_payable_or_owed"),
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_taken_back_booking_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_taken_back_payment_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_taken_back_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_back")),
        sa.UniqueConstraint("business_key", name=op.f("uq_taken_back_business_key")),
    )
    for column in ("booking_id", "payment_id", "mentor_id"):
        op.create_index(f"ix_taken_back_{column}", "taken_back", [column])


def create_transfer_reversal() -> None:
    op.create_table(
        "transfer_reversal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("command_id", sa.BigInteger(), nullable=False),
        sa.Column("stripe_reversal_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('left', 'made', 'owed')", name=op.f("reversal_status_is_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("reversal_is_something")),
        sa.CheckConstraint(
            "(status = 'made') = (stripe_reversal_id IS NOT NULL) AND (status = 'made') = (made_at IS NOT NULL)",
            name=op.f("made_reversal_has_an_id"),
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_reversal_transfer_id")),
        sa.ForeignKeyConstraint(["taken_back_id"], ["taken_back.id"], name=op.f("fk_transfer_reversal_taken_back_id")),
        sa.ForeignKeyConstraint(["command_id"], ["stripe_command.id"], name=op.f("fk_transfer_reversal_command_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_reversal")),
        sa.UniqueConstraint("command_id", name=op.f("uq_transfer_reversal_command_id")),
        sa.UniqueConstraint("stripe_reversal_id", name=op.f("uq_transfer_reversal_stripe_reversal_id")),
    )
    for column in ("transfer_id", "taken_back_id"):
        op.create_index(f"ix_transfer_reversal_{column}", "transfer_reversal", [column])
    owed = sa.text("status = 'owed'")
    op.create_index("ix_transfer_reversal_owed", "transfer_reversal", ["looked_at"], postgresql_where=owed)


def widen_transfer() -> None:
    """More than one for a session, one after the other; less what was owed; and what was paid past Stripe."""
    op.add_column("transfer", sa.Column("number", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("transfer", sa.Column("netted_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("transfer", sa.Column("by_hand_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("transfer", sa.Column("by_hand_by", sa.BigInteger(), nullable=True))
    op.add_column("transfer", sa.Column("by_hand_how", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_transfer_by_hand_by"), "transfer", "users", ["by_hand_by"], ["id"])
    op.alter_column("transfer", "command_id", nullable=True)
    know("transfer", "transfer_status_is_known", "status", STATUSES)
    op.drop_constraint(op.f("transfer_is_something"), "transfer", type_="check")
    op.create_check_constraint(
        op.f("transfer_is_something"),
        "transfer",
        "netted_minor >= 0 AND amount_minor + netted_minor > 0 AND (amount_minor = 0) = (status = 'netted')"
        " AND amount_minor >= 0",
    )
    op.create_check_constraint(
        op.f("transfer_has_a_command"), "transfer", "command_id IS NOT NULL OR status IN ('netted', 'by_hand')"
    )
    op.create_check_constraint(
        op.f("transfer_by_hand_says_how"),
        "transfer",
        "num_nonnulls(by_hand_at, by_hand_by, by_hand_how) = CASE status WHEN 'by_hand' THEN 3 ELSE 0 END",
    )
    op.drop_index("one_transfer_per_session", "transfer")
    op.create_index("one_transfer_per_session", "transfer", ["booking_id", "number"], unique=True)
    unsent = sa.text("status = 'owed'")
    op.create_index("one_transfer_on_its_way", "transfer", ["booking_id"], unique=True, postgresql_where=unsent)


def narrow_transfer() -> None:
    op.drop_index("one_transfer_on_its_way", "transfer")
    op.execute("DELETE FROM transfer WHERE number > 1 OR status IN ('netted', 'by_hand')")
    op.drop_index("one_transfer_per_session", "transfer")
    op.create_index("one_transfer_per_session", "transfer", ["booking_id"], unique=True)
    for name in ("transfer_by_hand_says_how", "transfer_has_a_command", "transfer_is_something"):
        op.drop_constraint(op.f(name), "transfer", type_="check")
    op.create_check_constraint(op.f("transfer_is_something"), "transfer", "amount_minor > 0")
    know("transfer", "transfer_status_is_known", "status", OLD_STATUSES)
    op.alter_column("transfer", "command_id", nullable=False)
    for column in ("by_hand_how", "by_hand_by", "by_hand_at", "netted_minor", "number"):
        op.drop_column("transfer", column)


def widen_refund() -> None:
    """What an operator gives back may be given in parts."""
    op.drop_index("one_refund_per_session", "refund")
    once = sa.text("reason <> 'given_back'")
    op.create_index("one_refund_per_session", "refund", ["booking_id", "reason"], unique=True, postgresql_where=once)
    op.drop_constraint(op.f("cancelled_names_its_session"), "refund", type_="check")
    op.create_check_constraint(op.f("cancelled_names_its_session"), "refund", REASONS.format("'given_back', "))


COMMANDS = ("account", "checkout", "refund", "transfer")
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
)
NEW_KINDS = ("fee_given_back", "mentor_taken_back", "transfer_by_hand", "transfer_netted", "transfer_reversed")
ACCOUNTS = (
    "mentee_prepaid",
    "mentor_payable",
    "refunds_in_flight",
    "refunds_owed",
    "site_bank",
    "site_discounts",
    "site_fees",
    "stripe_clearing",
    "stripe_fees",
    "tax_payable",
)


def know(table: str, name: str, column: str, words: tuple[str, ...]) -> None:
    listed = ", ".join(repr(word) for word in sorted(words))
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")
