"""The books, double entry and append-only, with what was paid and given back so far; Stripe's fee of a payment."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Rule books_balance: an entry belongs to the database transaction that made its ledger transaction, and to no other.
ADD_ONLY_AT_ONCE = """
CREATE FUNCTION note_ledger_xid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.created_xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER note_ledger_xid BEFORE INSERT ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION note_ledger_xid();
CREATE FUNCTION refuse_late_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_transaction
                   WHERE id = NEW.transaction_id AND created_xid = pg_current_xact_id()::text::bigint)
    THEN RAISE EXCEPTION 'what is booked is not added to'
         USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_is_append_only_at_once BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_late_entry();
"""

# Rule books_balance: what turns out otherwise is booked back, never changed.
APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is booked stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_append_only';
END $$;
"""
APPEND_ONLY_ON = """
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger();
CREATE TRIGGER ledger_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();
"""

# Rule books_balance: looked at when the database transaction commits, whichever of the two tables was written.
BALANCE = """
CREATE FUNCTION refuse_unbalanced_books() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    looked_at bigint;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entry' THEN looked_at := NEW.transaction_id; ELSE looked_at := NEW.id; END IF;
    IF (SELECT count(*) FROM ledger_entry WHERE transaction_id = looked_at) < 2
       OR EXISTS (SELECT FROM ledger_entry WHERE transaction_id = looked_at GROUP BY currency HAVING sum(amount_minor) <> 0)
    THEN RAISE EXCEPTION 'ledger transaction % does not sum to zero', looked_at
         USING ERRCODE = 'check_violation', CONSTRAINT = 'books_balance';
    END IF;
    RETURN NULL;
END $$;
"""
BALANCE_ON = """
CREATE CONSTRAINT TRIGGER books_balance AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_books();
"""

# What was known before there were books. Each line: kind, its key, whose rows, from which account to which.
KNOWN_SO_FAR = (
    ("payment_received", "payment-{id}", "payment", "status = 'paid'", "mentee_prepaid", "stripe_clearing"),
    ("refund_owed", "refund-{id}-owed", "refund", "true", "refunds_owed", "mentee_prepaid"),
    ("refund_sent", "refund-{id}-sent", "refund", "status <> 'owed'", "refunds_in_flight", "refunds_owed"),
    (
        "refund_succeeded",
        "refund-{id}-succeeded",
        "refund",
        "status = 'succeeded'",
        "stripe_clearing",
        "refunds_in_flight",
    ),
    ("refund_failed", "refund-{id}-failed", "refund", "status = 'failed'", "refunds_owed", "refunds_in_flight"),
)
BOOK = """
WITH known AS (SELECT id, {amount} AS amount, currency, {at} AS at FROM {table} WHERE {condition} AND {amount} > 0),
booked AS (
    INSERT INTO ledger_transaction (kind, business_key, {table}_id, booked_at, created_xid)
    SELECT '{kind}', replace('{key}', '{{id}}', id::text), id, at, 0 FROM known RETURNING id, {table}_id
)
INSERT INTO ledger_entry (transaction_id, position, account, amount_minor, currency)
SELECT booked.id, leg.position, leg.account, leg.sign * known.amount, known.currency
FROM booked JOIN known ON known.id = booked.{table}_id,
     (VALUES (1, '{taker}', 1), (2, '{giver}', -1)) AS leg (position, account, sign)
"""


def upgrade() -> None:
    op.create_table(
        "ledger_transaction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_xid", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('payment_received', 'refund_failed', 'refund_owed', 'refund_sent', 'refund_succeeded',"
            " 'stripe_fee')",
            name=op.f("ledger_kind_is_known"),
        ),
        sa.CheckConstraint("num_nonnulls(payment_id, refund_id) = 1", name=op.f("ledger_books_one_thing")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_ledger_transaction_payment_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_ledger_transaction_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transaction")),
        sa.UniqueConstraint("business_key", name=op.f("uq_ledger_transaction_business_key")),
    )
    op.create_index("ix_ledger_transaction_payment_id", "ledger_transaction", ["payment_id"])
    op.create_index("ix_ledger_transaction_refund_id", "ledger_transaction", ["refund_id"])
    op.create_table(
        "ledger_entry",
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "account IN ('mentee_prepaid', 'refunds_in_flight', 'refunds_owed', 'stripe_clearing', 'stripe_fees')",
            name=op.f("ledger_account_is_known"),
        ),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("entry_is_something")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("currency_is_a_code")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["ledger_transaction.id"], name=op.f("fk_ledger_entry_transaction_id")
        ),
        sa.PrimaryKeyConstraint("transaction_id", "position", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_account", "ledger_entry", ["account"])
    book_what_is_known()
    for rule in (ADD_ONLY_AT_ONCE, APPEND_ONLY, BALANCE):
        op.execute(rule)
    for table in ("ledger_transaction", "ledger_entry"):
        op.execute(APPEND_ONLY_ON.format(table=table))
        op.execute(BALANCE_ON.format(table=table))
    op.add_column("payment", sa.Column("stripe_fee_minor", sa.BigInteger(), nullable=True))
    op.add_column("payment", sa.Column("stripe_fee_currency", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("fee_has_a_currency"), "payment", "(stripe_fee_minor IS NULL) = (stripe_fee_currency IS NULL)"
    )
    op.create_index(
        "ix_payment_fee_unknown",
        "payment",
        ["looked_at"],
        postgresql_where=sa.text("status = 'paid' AND paid_minor > 0 AND stripe_fee_minor IS NULL"),
    )


def book_what_is_known() -> None:
    for kind, key, table, condition, giver, taker in KNOWN_SO_FAR:
        amount, at = ("paid_minor", "paid_at") if table == "payment" else ("amount_minor", "created_at")
        op.execute(
            BOOK.format(
                kind=kind, key=key, table=table, condition=condition, giver=giver, taker=taker, amount=amount, at=at
            )
        )


def downgrade() -> None:
    op.drop_index("ix_payment_fee_unknown", "payment")
    op.drop_column("payment", "stripe_fee_currency")
    op.drop_column("payment", "stripe_fee_minor")
    op.drop_table("ledger_entry")
    op.drop_table("ledger_transaction")
    op.execute("DROP FUNCTION note_ledger_xid, refuse_late_entry, refuse_change_of_ledger, refuse_unbalanced_books")
