"""Payments that Stripe settled in another currency: what it holds instead, the difference in the books, and who let the
mentor be paid all the same."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

KINDS = (
    "dispute_borne",
    "dispute_fee",
    "dispute_lost",
    "dispute_returned",
    "dispute_taken",
    "fee_given_back",
    "mentor_taken_back",
    "payment_received",
    "refund_by_hand",
    "refund_covered",
    "refund_failed",
    "refund_owed",
    "refund_sent",
    "refund_succeeded",
    "session_kept",
    "stripe_fee",
    "transfer_by_hand",
    "transfer_netted",
    "transfer_reversed",
    "transfer_sent",
)
ACCOUNTS = (
    "dispute_loss",
    "disputed",
    "mentee_prepaid",
    "mentor_payable",
    "mentor_receivable",
    "mentor_waiting",
    "refunds_in_flight",
    "refunds_owed",
    "site_bank",
    "site_discounts",
    "site_fees",
    "stripe_clearing",
    "stripe_fees",
    "tax_payable",
)


def upgrade() -> None:
    op.create_table(
        "exchange",
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_currency", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("settled_minor > 0", name=op.f("settled_is_something")),
        sa.CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name=op.f("released_by_somebody")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_exchange_payment_id")),
        sa.ForeignKeyConstraint(["released_by"], ["users.id"], name=op.f("fk_exchange_released_by")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_exchange")),
    )
    know("ledger_transaction", "ledger_kind_is_known", "kind", (*KINDS, "exchanged"))
    know("ledger_entry", "ledger_account_is_known", "account", (*ACCOUNTS, "fx"))


def downgrade() -> None:
    know("ledger_entry", "ledger_account_is_known", "account", ACCOUNTS)
    know("ledger_transaction", "ledger_kind_is_known", "kind", KINDS)
    op.drop_table("exchange")


def know(table: str, name: str, column: str, words: tuple[str, ...]) -> None:
    listed = ", ".join(repr(word) for word in sorted(words))
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")
