"""A refund that Stripe cannot send is paid by hand, and the books know of it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KINDS = ("payment_received", "refund_failed", "refund_owed", "refund_sent", "refund_succeeded", "stripe_fee")
ACCOUNTS = ("mentee_prepaid", "refunds_in_flight", "refunds_owed", "stripe_clearing", "stripe_fees")


def upgrade() -> None:
    op.add_column("refund", sa.Column("by_hand_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("refund", sa.Column("by_hand_by", sa.BigInteger(), nullable=True))
    op.add_column("refund", sa.Column("by_hand_how", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_refund_by_hand_by"), "refund", "users", ["by_hand_by"], ["id"])
    op.create_check_constraint(
        "by_hand_says_who_and_how", "refund", "num_nonnulls(by_hand_at, by_hand_by, by_hand_how) IN (0, 3)"
    )
    op.create_check_constraint(
        "by_hand_only_what_failed", "refund", "by_hand_at IS NULL OR status IN ('owed', 'failed')"
    )
    know((*KINDS, "refund_by_hand"), (*ACCOUNTS, "site_bank"))


def downgrade() -> None:
    know(KINDS, ACCOUNTS)
    op.drop_column("refund", "by_hand_how")
    op.drop_column("refund", "by_hand_by")
    op.drop_column("refund", "by_hand_at")


def know(kinds: tuple[str, ...], accounts: tuple[str, ...]) -> None:
    for name, table, column, known in (
        ("ledger_kind_is_known", "ledger_transaction", "kind", kinds),
        ("ledger_account_is_known", "ledger_entry", "account", accounts),
    ):
        op.drop_constraint(op.f(name), table, type_="check")
        listed = ", ".join(f"'{each}'" for each in sorted(known))
        op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")
